"use client";

import { Group, Table, Text } from "@mantine/core";
import { count, metricInWords } from "@/components/runs/figures";
import { HiddenHeading } from "@/components/ui/actions-heading";
import { SaveCsvIcon } from "@/components/ui/save-csv-icon";
import { saveCsv } from "@/components/ui/save-file";
import { WideTable } from "@/components/ui/wide-table";
import type { PermutationImportance } from "@/lib/contracts/model-importance";
import { csvLine } from "@/lib/domain/csv";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { ImportanceBar } from "./importance-bar";

const TITLE = "Permutation importance";

/** What the score loses without each input, with its deviation; or why nobody knows. */
export function InputImportance({ importance, file }: { importance: PermutationImportance; file: string }) {
  if ("reason" in importance)
    return (
      <section aria-label={TITLE}>
        <Text size="sm" fw={500}>
          {TITLE}
        </Text>
        <Text size="sm" c="dimmed">
          {importance.reason}
        </Text>
      </section>
    );
  const { metric, part, rows, repeats, seed, score, inputs } = importance;
  const label = MODEL_METRICS[metric]?.label ?? metric;
  const most = Math.max(...inputs.map(({ value }) => Math.abs(value)), 0);
  const write = (value: number) => `${value < 0 ? "−" : ""}${metricInWords(metric, Math.abs(value))}`;
  const save = () =>
    saveCsv(
      file,
      csvLine(["feature", `loss of ${metric}`, "deviation"]),
      ...inputs.map(({ feature, value, deviation }) => csvLine([feature, value, deviation])),
    );
  return (
    <section aria-label={TITLE}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={500}>
          {TITLE}
        </Text>
        <SaveCsvIcon of={TITLE} onSave={save} />
      </Group>
      <Text size="xs" c="dimmed">
        How much worse {label} ({metricInWords(metric, score)}) gets when an input is shuffled among {count(rows)} rows
        of {part}, {repeats} times, seed {seed}. Inputs that say the same cover for each other.
      </Text>
      <WideTable label={TITLE} minWidth={360}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Input</Table.Th>
              <Table.Th data-numeric>Loss of {label}</Table.Th>
              <Table.Th data-numeric>Deviation</Table.Th>
              <HiddenHeading>Bar</HiddenHeading>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {inputs.map(({ feature, value, deviation }) => (
              <Table.Tr key={feature}>
                <Table.Th scope="row" fw={400}>
                  {feature}
                </Table.Th>
                <Table.Td data-numeric>{write(value)}</Table.Td>
                <Table.Td data-numeric>± {metricInWords(metric, deviation)}</Table.Td>
                <Table.Td>
                  <ImportanceBar weight={most > 0 ? Math.max(0, value) / most : 0} isOneSided />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </section>
  );
}
