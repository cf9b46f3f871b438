"use client";

import { Anchor, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { EmptyState } from "@/components/ui/empty-state";
import { saveCsv } from "@/components/ui/save-file";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { FeatureSkew, SkewCheck, ViewSkew } from "@/lib/contracts/skew";
import { csvLine } from "@/lib/domain/csv";
import { differencesOf } from "@/lib/domain/skew/count-skew";
import { SKEW_OUTCOMES, SkewBar } from "./skew-bar";
import { SkewHistory } from "./skew-history";
import classes from "./skew.module.css";

/** One online view: its features with how their values compare, and how the checks before went. */
export function SkewView({
  skew: { view, entity, owner, latest, history },
  environment,
  isChecking,
  onCheck,
  onShowExamples,
}: {
  skew: ViewSkew;
  environment: string;
  isChecking: boolean;
  /** Null for who may not ask for a check. */
  onCheck: (() => void) | null;
  onShowExamples: (feature: string) => void;
}) {
  const checkNow = onCheck && (
    <Button size="xs" variant="default" loading={isChecking} onClick={onCheck} aria-label={`Check ${view} now`}>
      Check now
    </Button>
  );
  return (
    <Section id={`skew-${view}`} title={view} note={`of ${entity}${owner && `, ${owner}`}`}>
      {!latest ? (
        <EmptyState title="Not checked yet" action={checkNow}>
          It is checked when a run&rsquo;s values are copied to the online store, and daily after that.
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between" my="xs" gap="md">
            <Group gap="md">
              <Text size="sm">
                <Verdict check={latest} />{" "}
                <Text span size="sm" c="dimmed">
                  {latest.sampled.toLocaleString("en")} {latest.sampled === 1 ? "key" : "keys"} sampled, checked{" "}
                  <TimeAgo at={latest.at} /> by {latest.by}
                </Text>
              </Text>
              {history.length > 1 && (
                <Group gap={6}>
                  <SkewHistory history={history} />
                  <Text size="sm" c="dimmed">
                    last {history.length} checks
                  </Text>
                </Group>
              )}
            </Group>
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => save(latest)} aria-label={`Skew of ${view} as CSV`}>
                CSV
              </Button>
              {checkNow}
            </Group>
          </Group>
          <WideTable label={`Skew of ${view} in ${environment}`} minWidth={760}>
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Feature</Table.Th>
                  <Table.Th ta="right">Version</Table.Th>
                  <Table.Th w={180}>Share</Table.Th>
                  {SKEW_OUTCOMES.map(({ outcome, label }) => (
                    <Table.Th key={outcome} ta="right">
                      {label}
                    </Table.Th>
                  ))}
                  <Table.Th>
                    <VisuallyHidden>Examples</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {latest.features.map((feature) => (
                  <Table.Tr key={feature.feature}>
                    <Table.Td>
                      <Anchor component={Link} href={`/features/${feature.feature}`}>
                        {feature.feature}
                      </Anchor>
                      {feature.reason && (
                        <Text size="sm" c="dimmed" maw={360}>
                          {feature.reason}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="right">{feature.version === null ? "none" : `v${feature.version}`}</Table.Td>
                    <Table.Td>
                      <SkewBar feature={feature} />
                    </Table.Td>
                    {SKEW_OUTCOMES.map(({ outcome }) => (
                      <Table.Td key={outcome} ta="right" className={classes.count}>
                        {feature[outcome].toLocaleString("en")}
                        <span className={classes.share}>{shareOf(feature, outcome)}</span>
                      </Table.Td>
                    ))}
                    <Table.Td ta="right">
                      {feature.examples.length > 0 && (
                        <Button
                          size="compact-xs"
                          variant="default"
                          onClick={() => onShowExamples(feature.feature)}
                          aria-label={`Examples of ${feature.feature}`}
                        >
                          Examples
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </>
      )}
    </Section>
  );
}

/** Of a feature's compared values; nothing for none of them. */
function shareOf(feature: FeatureSkew, outcome: (typeof SKEW_OUTCOMES)[number]["outcome"]): string {
  const total = feature.match + differencesOf(feature);
  return feature[outcome] === 0 ? "" : `${percentOf(feature[outcome], total)} %`;
}

/** Without claiming that few are none, or that nearly all are all. */
function percentOf(count: number, total: number): string {
  const percent = (100 * count) / total;
  if (percent < 0.1) return "< 0.1";
  if (percent < 100 && percent > 99.9) return "> 99.9";
  return percent.toLocaleString("en", { maximumFractionDigits: 1 });
}

function Verdict({ check: { values, differences } }: { check: SkewCheck }) {
  if (values === 0) return <>Nothing to compare.</>;
  return differences === 0 ? (
    <>All {values.toLocaleString("en")} values match.</>
  ) : (
    <>
      {differences.toLocaleString("en")} of {values.toLocaleString("en")} values differ (
      {percentOf(differences, values)} %).
    </>
  );
}

function save({ view, environment, at, sampled, features }: SkewCheck): void {
  const outcomes = SKEW_OUTCOMES.map(({ outcome }) => outcome);
  saveCsv(
    `skew-${view}-${environment}`,
    csvLine(["view", "environment", "at", "sampled", "feature", "version", ...outcomes, "differences", "reason"]),
    ...features.map((feature) =>
      csvLine([
        view,
        environment,
        at,
        sampled,
        feature.feature,
        feature.version,
        ...outcomes.map((outcome) => feature[outcome]),
        differencesOf(feature),
        feature.reason,
      ]),
    ),
  );
}
