import { Group, Progress, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconCircleDashed } from "@tabler/icons-react";
import Link from "next/link";
import type { FirstStep } from "@/lib/contracts/home";
import classes from "./home.module.css";

/** The steps of moving into a new workspace: what each did, and where the next one is done. */
export function FirstSteps({ steps }: { steps: FirstStep[] }) {
  if (steps.length === 0) return null;
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done && step.may);
  return (
    <section aria-labelledby="first-steps" className={classes.steps}>
      <Group justify="space-between" mb={8}>
        <Title order={2} id="first-steps">
          Move in
        </Title>
        <Text size="sm" c="dimmed">
          {done} of {steps.length} done
        </Text>
      </Group>
      <Progress value={(done / steps.length) * 100} size="sm" mb="sm" aria-label="Steps that are done" />
      <ol className={classes.stepList}>
        {steps.map((step) => (
          <li key={step.name} className={classes.step} aria-current={step === next ? "step" : undefined}>
            <ThemeIcon
              variant={step.done ? "filled" : "light"}
              color={step.done ? "green" : "gray"}
              size={22}
              radius="xl"
            >
              {step.done ? (
                <IconCheck size={14} role="img" aria-label="Done" />
              ) : (
                <IconCircleDashed size={14} role="img" aria-label="To do" />
              )}
            </ThemeIcon>
            <div>
              {step.may || step.done ? (
                <Link href={step.href} className={classes.stepLink}>
                  {step.title}
                </Link>
              ) : (
                <span className={classes.title}>{step.title}</span>
              )}
              <br />
              <span className={classes.quiet}>
                {step.sentence}
                {!step.done && !step.may && " An administrator or an author does it."}
              </span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
