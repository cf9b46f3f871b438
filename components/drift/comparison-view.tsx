"use client";

import { Button, Group, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { pictureOf } from "@/components/ui/drawn-picture";
import { PictureMenu } from "@/components/ui/picture-menu";
import { saveCsv } from "@/components/ui/save-file";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import type { DriftComparison, DriftSide } from "@/lib/contracts/drift-comparison";
import { describeScore, figureName } from "@/lib/domain/drift/drift-words";
import { describeLevels } from "./drift-words";
import classes from "./drift.module.css";
import { percent, points, sharesOf } from "./bar-shares";
import { comparisonCsv } from "./comparison-csv";
import { OverlayChart } from "./overlay-chart";

const count = new Intl.NumberFormat("en");
const figure = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });

/** Two distributions on shared edges: verdict, picture, figures and the numbers behind the picture. */
export function ComparisonView({ comparison }: { comparison: DriftComparison }) {
  const [buckets, setBuckets] = useState<"scored" | "even">("scored");
  const chart = useRef<HTMLDivElement>(null);
  const { reference, current, score, warn, critical, equalWidth, missing } = comparison;
  const bars = sharesOf(buckets === "even" && equalWidth ? equalWidth : comparison.bars);
  const file = `drift-${reference.label}-${current.label}`.replaceAll(" ", "-");
  return (
    <Stack gap="md">
      <Group gap="sm">
        <StateBadge state={comparison.state} />
        <Text size="sm" fw={600}>
          {score === null ? `${figureName(comparison.metric)} not computed` : describeScore(comparison.metric, score)}
        </Text>
        <Text size="sm" c="dimmed">
          {describeLevels(comparison.metric, warn, critical)}
        </Text>
        {(missing.reference > 0 || missing.current > 0) && (
          <Group gap="xs">
            <Text size="sm">
              missing {percent(missing.reference)} → {percent(missing.current)}
            </Text>
            <StateBadge state={missing.state} />
          </Group>
        )}
      </Group>
      <Text size="sm" maw="75ch">
        {comparison.explanation}
      </Text>
      <Group justify="space-between" gap="sm">
        <Group gap="md">
          <Text size="sm" component="span" className={classes.legend}>
            <span className={classes.referenceKey} aria-hidden="true" /> {reference.label},{" "}
            {count.format(reference.rows)} rows
          </Text>
          <Text size="sm" component="span" className={classes.legend}>
            <span className={classes.currentKey} aria-hidden="true" /> {current.label}, {count.format(current.rows)}{" "}
            rows
          </Text>
        </Group>
        {equalWidth && (
          <SegmentedControl
            size="xs"
            aria-label="Buckets"
            value={buckets}
            onChange={(value) => setBuckets(value as typeof buckets)}
            data={[
              { value: "scored", label: "as scored" },
              { value: "even", label: "equal width" },
            ]}
          />
        )}
      </Group>
      <div ref={chart}>
        <OverlayChart
          bars={bars.filter(({ isOfValues }) => isOfValues)}
          labels={{ reference: reference.label, current: current.label }}
        />
      </div>
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveCsv(file, comparisonCsv(comparison, bars))}
        >
          CSV
        </Button>
        <PictureMenu
          name={file}
          label={`${reference.label} and ${current.label}`}
          draw={() => pictureOf(chart.current)}
        />
      </Group>
      <Figures reference={reference} current={current} />
      <WideTable minWidth={480} label="Rows by bucket">
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Bucket</Table.Th>
              {[reference.label, current.label].map((label, at) => (
                <Table.Th key={at} data-numeric>
                  {label}
                  <Text size="xs" c="dimmed">
                    rows · share of values
                  </Text>
                </Table.Th>
              ))}
              <Table.Th data-numeric>Change</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {bars.map(({ label, isOfValues, reference: before, current: now }) => (
              <Table.Tr key={label}>
                <Table.Td>{isOfValues ? label : `${label}, share of rows`}</Table.Td>
                <Table.Td data-numeric>
                  {count.format(before.rows)} · {percent(before.share)}
                </Table.Td>
                <Table.Td data-numeric>
                  {count.format(now.rows)} · {percent(now.share)}
                </Table.Td>
                <Table.Td data-numeric>{points(before.share, now.share)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Stack>
  );
}

/** A least or greatest value; decimals beyond what anybody reads are left out, exact integers stay whole. */
function bound(text: string | null): string {
  return text !== null && /^-?\d+\.\d{5,}$/.test(text) ? figure.format(Number(text)) : (text ?? "–");
}

function Figures({ reference, current }: { reference: DriftSide; current: DriftSide }) {
  const numeric = (["mean", "std", "median"] as const).filter(
    (name) => reference[name] !== null && current[name] !== null,
  );
  const rows: [string, string, string][] = [
    ["missing", percent(reference.missing / (reference.rows || 1)), percent(current.missing / (current.rows || 1))],
    ...numeric.map((name): [string, string, string] => [
      name,
      figure.format(reference[name] as number),
      figure.format(current[name] as number),
    ]),
    ...(["min", "max"] as const)
      .filter((name) => reference[name] !== null && current[name] !== null)
      .map((name): [string, string, string] => [name, bound(reference[name]), bound(current[name])]),
  ];
  return (
    <dl className={classes.figures}>
      {rows.map(([name, before, now]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {before} → {now}
          </dd>
        </div>
      ))}
    </dl>
  );
}
