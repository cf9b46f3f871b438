"use client";

import { Group, Select, Stack, Table, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { count, metricInWords, partNames } from "@/components/runs/figures";
import { pictureOf } from "@/components/ui/drawn-picture";
import { PictureMenu } from "@/components/ui/picture-menu";
import { SaveCsvIcon } from "@/components/ui/save-csv-icon";
import { saveCsv } from "@/components/ui/save-file";
import { WideTable } from "@/components/ui/wide-table";
import type { SlicedFeature } from "@/lib/contracts/model-slices";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { comparedMetrics, describeEdges, describeSlice, sliceName } from "@/lib/domain/outcomes/slices";
import classes from "./evaluation.module.css";
import { SliceChart } from "./slice-chart";
import { sliceLines } from "./slice-lines";

/** The rows of a part cut by features: each slice's metric beside that of the whole, as picture, table and file. */
export function ModelSlices({
  slices,
  metrics,
  file,
  labelUnit,
}: {
  slices: readonly SlicedFeature[];
  /** Part → metric → value, of whole parts. */
  metrics: Record<string, Record<string, number>>;
  /** Beginning of the names of files. */
  file: string;
  labelUnit: string | null;
}) {
  const names = comparedMetrics(slices);
  const parts = partNames(Object.assign({}, ...slices.map((one) => one.parts)) as Record<string, never>);
  const [metric = "", setMetric] = useState(names[0]);
  const [part = "", setPart] = useState(parts.at(-1));
  if (names.length === 0 || parts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No slice of these features has a row that could be judged.
      </Text>
    );
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <div>
          <Text size="sm" fw={500}>
            Slices
          </Text>
          <Text size="xs" c="dimmed" maw={640}>
            The dashed line is all rows of the part. Intervals are 95 %, each by itself: of many slices some are apart
            by chance.
          </Text>
        </div>
        <Group gap="xs">
          <Select
            size="xs"
            w={120}
            label="Part"
            data={parts}
            value={part}
            allowDeselect={false}
            onChange={(chosen) => setPart(chosen ?? part)}
          />
          <Select
            size="xs"
            w={160}
            label="Metric"
            data={names.map((name) => ({ value: name, label: MODEL_METRICS[name]?.label ?? name }))}
            value={metric}
            allowDeselect={false}
            onChange={(chosen) => setMetric(chosen ?? metric)}
          />
        </Group>
      </Group>
      {slices.map((sliced) => (
        <OneFeature
          key={sliced.feature}
          sliced={sliced}
          part={part}
          metric={metric}
          whole={metrics[part]?.[metric]}
          file={file}
          unit={metric === "rmse" || metric === "mae" ? labelUnit : null}
        />
      ))}
    </Stack>
  );
}

function OneFeature({
  sliced,
  part,
  metric,
  whole,
  file,
  unit,
}: {
  sliced: SlicedFeature;
  part: string;
  metric: string;
  whole: number | undefined;
  file: string;
  unit: string | null;
}) {
  const drawn = useRef<HTMLDivElement>(null);
  const slices = sliced.parts[part] ?? [];
  const label = MODEL_METRICS[metric]?.label ?? metric;
  const title = `${label} by ${sliced.feature}, ${part}`;
  const name = `${file}-slices-${sliced.feature}`;
  const digits = (value: number) => metricInWords(metric, value);
  const signed = (value: number) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${digits(Math.abs(value))}`;
  if (slices.length === 0) return null;
  return (
    <section aria-label={title}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={500}>
          {sliced.feature}{" "}
          <Text span size="xs" c="dimmed">
            {describeEdges(sliced)}
          </Text>
        </Text>
        <Group gap={2} wrap="nowrap">
          <SaveCsvIcon of={`slices by ${sliced.feature}`} onSave={() => saveCsv(name, ...sliceLines(sliced))} />
          <PictureMenu name={name} label={title} draw={() => pictureOf(drawn.current)} />
        </Group>
      </Group>
      <div className={classes.sliced}>
        {whole !== undefined && (
          <SliceChart
            title={title}
            metric={metric}
            axis={{ title: label, unit }}
            whole={whole}
            slices={slices}
            drawn={drawn}
          />
        )}
        <WideTable label={title} minWidth={480}>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Slice</Table.Th>
                <Table.Th data-numeric>Rows</Table.Th>
                <Table.Th data-numeric>{label}</Table.Th>
                <Table.Th data-numeric>From the whole</Table.Th>
                <Table.Th>Finding</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {slices.map((slice) => {
                const value = slice.metrics[metric];
                const difference = slice.differences[metric];
                return (
                  <Table.Tr key={`${slice.kind} ${slice.name}`}>
                    <Table.Th
                      scope="row"
                      fw={400}
                      fs={slice.kind === "value" || slice.kind === "range" ? undefined : "italic"}
                    >
                      {sliceName(slice)}
                    </Table.Th>
                    <Table.Td data-numeric>{count(slice.metrics.rows ?? 0)}</Table.Td>
                    <Table.Td data-numeric>{value === undefined ? "–" : digits(value)}</Table.Td>
                    <Table.Td data-numeric>
                      {difference ? signed(difference.value) : "–"}
                      {difference?.interval && (
                        <Text size="xs" c="dimmed">
                          {difference.interval.map(signed).join(" to ")}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>{describeSlice(metric, slice) ?? "–"}</Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </WideTable>
      </div>
    </section>
  );
}
