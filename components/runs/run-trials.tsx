"use client";

import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { Panel } from "@/components/ui/panel";
import { saveCsv } from "@/components/ui/save-file";
import { SortHeading } from "@/components/ui/sort-heading";
import { WideTable } from "@/components/ui/wide-table";
import type { RunSearch } from "@/lib/contracts/runs";
import { csvLine } from "@/lib/domain/csv";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { count, durationInWords, metricInWords } from "./figures";
import { compareTrials, paramsOfTrials, type TrialColumn, valueInWords } from "./trial-table";

/** The trials of a search, the best first, and which of them the run was fitted with. */
export function RunTrials({ number, search }: { number: number; search: RunSearch }) {
  const [sort, setSort] = useState<{ by: TrialColumn; falling: boolean }>({
    by: "score",
    falling: search.better === "higher",
  });
  const { metric, trials, chosen } = search;
  const label = MODEL_METRICS[metric]?.label ?? metric;
  const params = paramsOfTrials(trials);
  const heading = (by: TrialColumn, words: string, numeric = true) => (
    <SortHeading
      key={by}
      numeric={numeric}
      direction={sort.by === by ? (sort.falling ? "descending" : "ascending") : null}
      onSort={() => setSort({ by, falling: sort.by === by ? !sort.falling : false })}
    >
      {words}
    </SortHeading>
  );
  const rows = trials.toSorted((one, other) => compareTrials(one, other, sort));
  const hasDeviation = trials.some(({ deviation }) => deviation !== null);
  const hasInterval = trials.some(({ interval }) => interval !== null);
  return (
    <Panel title="Search over parameters">
      <Group justify="space-between" gap="sm" mb="xs">
        <Text size="sm" maw={760}>
          {howSearched(search)} Trial {chosen} has the {search.better === "lower" ? "lowest" : "highest"} {label}: the
          run is fitted with its parameters. Test rows are in no trial.
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveCsv(`run-${number}-trials`, ...toCsv(search))}
        >
          CSV
        </Button>
      </Group>
      <WideTable label="Trials" minWidth={520 + 110 * params.length}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {heading("number", "Trial")}
              {params.map((param) => heading(`params.${param}`, param, false))}
              {heading("score", hasDeviation ? `Mean ${label}` : label)}
              {hasDeviation && heading("deviation", "Deviation")}
              {hasInterval && <Table.Th data-numeric>95 % interval</Table.Th>}
              <Table.Th data-numeric>Fits</Table.Th>
              {heading("seconds", "Time")}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((trial) => (
              <Table.Tr key={trial.number} fw={trial.number === chosen ? 600 : undefined}>
                <Table.Td data-numeric>
                  {trial.number === chosen && (
                    <Badge variant="light" tt="none" mr={6}>
                      chosen
                    </Badge>
                  )}
                  {trial.number}
                </Table.Td>
                {params.map((param) => (
                  <Table.Td key={param}>{valueInWords(trial, param)}</Table.Td>
                ))}
                <Table.Td data-numeric title={trial.error ?? undefined}>
                  {trial.score === null ? (
                    <Text size="xs" c="dimmed" maw={320} ta="left" style={{ whiteSpace: "normal" }}>
                      {trial.error}
                    </Text>
                  ) : (
                    metricInWords(metric, trial.score)
                  )}
                </Table.Td>
                {hasDeviation && (
                  <Table.Td data-numeric>
                    {trial.deviation === null ? "–" : metricInWords(metric, trial.deviation)}
                  </Table.Td>
                )}
                {hasInterval && (
                  <Table.Td data-numeric>
                    {trial.interval?.map((bound) => metricInWords(metric, bound)).join(" to ") ?? "–"}
                  </Table.Td>
                )}
                <Table.Td data-numeric style={{ whiteSpace: "nowrap" }}>
                  {trial.fitted}
                  {trial.reused > 0 && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      · {trial.reused} used again
                    </Text>
                  )}
                </Table.Td>
                <Table.Td data-numeric style={{ whiteSpace: "nowrap" }}>
                  {durationInWords(trial.seconds)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Panel>
  );
}

function howSearched({ kind, seed, by, split, parts, rows, trials, metric }: RunSearch): string {
  const drawn = kind === "grid" ? "Every combination was tried" : `Combinations were drawn with seed ${seed}`;
  const label = MODEL_METRICS[metric]?.label ?? metric;
  const scored =
    by === "folds"
      ? `scored by ${label} on each of ${parts.length} folds of ${split} by a fit on the others`
      : `scored by ${label} on ${parts.join(" and ")} of ${split}`;
  return `${drawn}: ${trials.length} trials, ${scored}, ${count(rows)} rows.`;
}

function toCsv({ metric, trials, chosen }: RunSearch): string[] {
  const params = paramsOfTrials(trials);
  const parts = Object.keys(trials.find(({ score }) => score !== null)?.scores ?? {});
  return [
    csvLine(["trial", ...params, metric, "deviation", "low", "high", ...parts.map((part) => `${metric}_${part}`), "fitted", "reused", "seconds", "chosen", "error"]), // prettier-ignore
    ...trials.map((trial) =>
      csvLine([
        trial.number,
        ...params.map((param) => valueInWords(trial, param)),
        trial.score,
        trial.deviation,
        trial.interval?.[0] ?? null,
        trial.interval?.[1] ?? null,
        ...parts.map((part) => trial.scores[part] ?? null),
        trial.fitted,
        trial.reused,
        trial.seconds,
        trial.number === chosen,
        trial.error,
      ]),
    ),
  ];
}
