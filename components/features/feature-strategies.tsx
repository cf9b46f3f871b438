"use client";

import { Anchor, Group, Stack, Table, Text, Title } from "@mantine/core";
import Link from "next/link";
import type { FeatureDetail, Strategy } from "@/lib/contracts/feature-detail";
import { formatNumber } from "@/components/distributions/buckets";
import { EmptyState } from "@/components/ui/empty-state";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { Sentence } from "@/components/ui/sentence";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import classes from "./feature.module.css";
import { FeatureReaders } from "./feature-readers";

/** Every way to make the feature, with what it was fitted on and whether that leaks into a model's test. */
export function FeatureStrategies({ feature }: { feature: FeatureDetail }) {
  return (
    <Stack gap="lg">
      <div>
        {feature.strategies.length === 0 && (
          <EmptyState title="Never computed">
            No run has written this feature yet. Start a run of a pipeline whose outputs need it.
          </EmptyState>
        )}
        {feature.strategies.map((strategy) => (
          <StrategyCard key={strategy.version} strategy={strategy} />
        ))}
      </div>
      {feature.alternatives.length > 0 && (
        <section>
          <Title order={2} mb="xs">
            Could be made by
          </Title>
          <WideTable label="Stages that could write the feature" minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Stage</Table.Th>
                  <Table.Th>Operator</Table.Th>
                  <Table.Th>Reads</Table.Th>
                  <Table.Th>Owner</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {feature.alternatives.map((alternative) => (
                  <Table.Tr key={alternative.stage}>
                    <Table.Td>
                      <Anchor component={Link} fz="inherit" underline="always" href={`/stages/${alternative.stage}`}>
                        {alternative.stage}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {alternative.description}
                      </Text>
                    </Table.Td>
                    <Table.Td>{alternative.operator}</Table.Td>
                    <Table.Td>{alternative.inputs.join(", ")}</Table.Td>
                    <Table.Td>{alternative.owner}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
          <Text size="xs" c="dimmed" mt={4}>
            Declared, but no run has used them for this feature.
          </Text>
        </section>
      )}
      <FeatureReaders feature={feature} />
    </Stack>
  );
}

function StrategyCard({ strategy }: { strategy: Strategy }) {
  const fits = strategy.chain.filter((step) => step.kind === "estimator");
  const test = strategy.run?.metrics?.test ?? strategy.run?.metrics?.validation;
  return (
    <section className={classes.strategy} aria-label={`Version ${strategy.version}`}>
      <Group gap={8} mb="xs">
        <Title order={2}>v{strategy.version}</Title>
        {strategy.environments.map((environment) => (
          <EnvironmentBadge key={environment} environment={environment} />
        ))}
        <Text size="sm" c="dimmed">
          {strategy.run ? (
            <>
              <Anchor component={Link} href={`/runs/${strategy.run.id}`} size="sm">
                run {strategy.run.number}
              </Anchor>{" "}
              {strategy.run.finishedAt && <TimeAgo at={strategy.run.finishedAt} />}
            </>
          ) : (
            <>
              known since <TimeAgo at={strategy.createdAt} />
            </>
          )}
        </Text>
      </Group>
      {strategy.source !== null ? (
        <Text size="sm">
          Read from the source{" "}
          <Anchor component={Link} fz="inherit" underline="always" href={`/datasets/${strategy.source}`}>
            {strategy.source}
          </Anchor>
          ; nothing is computed.
        </Text>
      ) : (
        <ol className={classes.chain} aria-label="Stages in order">
          {strategy.chain.map((step, at) => (
            <li key={step.stage}>
              {at > 0 && <span aria-hidden>→</span>}
              <Link href={`/stages/${step.stage}`} className={classes.step} data-kind={step.kind}>
                <b>{step.stage}</b>
                {step.operator}
                {paramsText(step.params)}
              </Link>
            </li>
          ))}
        </ol>
      )}
      <Stack gap={2} mt="xs">
        {fits.map((step) => (
          <Text key={step.stage} size="sm">
            <b>{step.stage}</b> ({step.class}) fitted on{" "}
            {step.fit
              ? `${step.fit.rowSet}, ${step.fit.rows.toLocaleString("en")} rows`
              : "rows that were not recorded"}
          </Text>
        ))}
        {strategy.source === null && fits.length === 0 && (
          <Text size="sm" c="dimmed">
            It has no estimators, so it cannot leak.
          </Text>
        )}
        {test && (
          <Text size="sm">
            The run scored{" "}
            {Object.entries(test)
              .filter(([metric]) => metric !== "rows")
              .map(([metric, value]) => `${metric} ${formatNumber(value)}`)
              .join(", ")}{" "}
            on its {strategy.run?.metrics?.test ? "test" : "validation"} rows.
          </Text>
        )}
      </Stack>
      {strategy.models.length > 0 && (
        <ul className={classes.verdicts}>
          {strategy.models.map((model) => (
            <li key={model.model}>
              <StateBadge state={model.verdict} />
              <span className={classes.reading}>
                {model.verdict === "leak" ? "into" : "for"}{" "}
                <Anchor component={Link} fz="inherit" underline="always" href={`/models/${model.model}`}>
                  {model.model}
                </Anchor>{" "}
                v{model.version}: <Sentence text={model.explanation.join(" ")} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Parameters in a few words; a statement is left to the stage's own page. */
function paramsText(params: Record<string, unknown>): string {
  const short = Object.entries(params).filter(
    ([, value]) =>
      typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value.length <= 16),
  );
  if (short.length === 0) return "";
  return ` (${short
    .slice(0, 3)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ")})`;
}
