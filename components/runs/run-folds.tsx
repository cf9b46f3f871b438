"use client";

import { Button, Group, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Panel } from "@/components/ui/panel";
import { saveCsv } from "@/components/ui/save-file";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import type { Run } from "@/lib/contracts/runs";
import { csvLine } from "@/lib/domain/csv";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { count, metricInWords } from "./figures";

type Found = NonNullable<Run["crossValidation"]>;

/** Scores by cross-validation: each fold by the fit that left it out, their mean and deviation. */
export function RunFolds({ number, found }: { number: number; found: Found }) {
  const { metric, folds, mean, deviation } = found;
  const label = MODEL_METRICS[metric]?.label ?? metric;
  return (
    <Panel title="Cross-validation">
      <Group justify="space-between" gap="sm" mb="xs">
        <Text size="sm">
          {label} over {folds.length} folds: mean {metricInWords(metric, mean)}, standard deviation{" "}
          {metricInWords(metric, deviation)}. Each fold is scored by a fit on the others; test rows are in none.
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveCsv(`run-${number}-folds`, ...toCsv(found))}
        >
          CSV
        </Button>
      </Group>
      <WideTable label="Scores by fold" minWidth={420}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Fold</Table.Th>
              <Table.Th data-numeric>{label}</Table.Th>
              <Table.Th data-numeric>Rows</Table.Th>
              <Table.Th data-numeric>Fitted on</Table.Th>
              <Table.Th>Leakage</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {folds.map(({ part, score, rows, fitRows, verdict, reasons }) => (
              <Table.Tr key={part}>
                <Table.Td>{part}</Table.Td>
                <Table.Td data-numeric>{metricInWords(metric, score)}</Table.Td>
                <Table.Td data-numeric>{count(rows)}</Table.Td>
                <Table.Td data-numeric>{count(fitRows)}</Table.Td>
                <Table.Td>
                  <StateBadge state={verdict} />{" "}
                  <Text span size="xs" c="dimmed">
                    {reasons.join(", ")}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Panel>
  );
}

function toCsv({ metric, folds }: Found): string[] {
  return [
    csvLine(["fold", metric, "rows", "fit_rows", "verdict", "reasons"]),
    ...folds.map(({ part, score, rows, fitRows, verdict, reasons }) =>
      csvLine([part, score, rows, fitRows, verdict, reasons.join(" ")]),
    ),
  ];
}
