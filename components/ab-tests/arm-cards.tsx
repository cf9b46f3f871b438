import { Anchor, Badge, Title } from "@mantine/core";
import { IconTrophy } from "@tabler/icons-react";
import Link from "next/link";
import { StateBadge } from "@/components/ui/state-badge";
import type { AbTest } from "@/lib/contracts/ab-tests";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import { ARM_COLOURS } from "./ab-test-views";
import classes from "./ab-tests.module.css";
import { figuresOf } from "./interval-chart";

const count = new Intl.NumberFormat("en");

/** The arms side by side: what is deployed, where they differ, and on how many rows they were judged. */
export function ArmCards({ test }: { test: AbTest }) {
  const { comparison } = test;
  const own = comparison?.metrics.find(({ metric }) => metric === test.metric);
  return (
    <div className={classes.arms}>
      {test.arms.map((arm, index) => {
        const rows = comparison?.arms.find(({ name }) => name === arm.name);
        const figure = own?.arms.find(({ name }) => name === arm.name);
        return (
          <section
            key={arm.name}
            className={classes.arm}
            style={{ "--arm": ARM_COLOURS[index] } as React.CSSProperties}
            aria-labelledby={`arm-${arm.name}`}
          >
            <Title order={2} id={`arm-${arm.name}`}>
              {arm.name}
              {test.winner === arm.name && (
                <Badge color="teal" variant="light" tt="none" fw={500} leftSection={<IconTrophy size={12} />}>
                  winner
                </Badge>
              )}
              {arm.deploymentState !== "active" && <StateBadge state={arm.deploymentState} />}
            </Title>
            <dl className={classes.facts}>
              <dt>Deployment</dt>
              <dd>
                <Anchor component={Link} href={`/deployments/${arm.deployment}`} inherit underline="always">
                  {arm.deployment}
                </Anchor>
              </dd>
              <dt>Pipeline</dt>
              <dd>{arm.pipeline}</dd>
              {Object.entries(arm.differs).map(([column, stage]) => (
                <Differs key={column} column={column} stage={stage} />
              ))}
              {figure && (
                <>
                  <dt>{METRIC_FACTS[test.metric].label}</dt>
                  <dd>{figuresOf(figure.value, figure.interval)}</dd>
                </>
              )}
              {rows && (
                <>
                  <dt>Rows</dt>
                  <dd>
                    {count.format(rows.n)}
                    {rows.positives !== null &&
                      rows.n > 0 &&
                      `, ${((rows.positives / rows.n) * 100).toFixed(1)} % positive`}
                  </dd>
                  <dt>Missing</dt>
                  <dd>
                    {count.format(rows.missingPredictions)} predictions, {count.format(rows.missingLabels)} labels
                  </dd>
                </>
              )}
            </dl>
          </section>
        );
      })}
    </div>
  );
}

function Differs({ column, stage }: { column: string; stage: string }) {
  return (
    <>
      <dt>{column}</dt>
      <dd>
        by{" "}
        <Anchor component={Link} href={`/stages/${stage}`} inherit underline="always">
          {stage}
        </Anchor>
      </dd>
    </>
  );
}
