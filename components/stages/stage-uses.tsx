import { Anchor, Text } from "@mantine/core";
import Link from "next/link";
import { BreakableName } from "@/components/ui/breakable-name";
import { Section } from "@/components/ui/section";
import type { StageDetail } from "@/lib/contracts/stages";
import classes from "./stages.module.css";

/** Pipelines and live deployments that run the stage, also where they end in other columns. */
export function StageUses({ stage: { uses } }: { stage: StageDetail }) {
  return (
    <Section id="uses" title="Pipelines and deployments that run it">
      {uses.pipelines.length + uses.deployments.length === 0 && (
        <Text size="sm" c="dimmed">
          No pipeline and no deployment runs it.
        </Text>
      )}
      <ul className={classes.uses}>
        {uses.pipelines.map(({ name, variants, of, total }) => (
          <li key={`pipeline/${name}`}>
            pipeline{" "}
            <Anchor component={Link} href={`/pipelines/${encodeURIComponent(name)}`} size="sm">
              <BreakableName name={name} />
            </Anchor>{" "}
            · in {variants} of {of === Number(total) ? total : `the first ${of} of ${total}`} variants
          </li>
        ))}
        {uses.deployments.map(({ name, state, pipeline }) => (
          <li key={`deployment/${name}`}>
            deployment{" "}
            <Anchor component={Link} href={`/deployments/${encodeURIComponent(name)}`} size="sm">
              <BreakableName name={name} />
            </Anchor>{" "}
            · {state}, of <BreakableName name={pipeline} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
