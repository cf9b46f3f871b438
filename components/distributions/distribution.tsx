"use client";

import { Button, Checkbox, Group, NativeSelect, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { featureQueries } from "@/lib/client/features";
import { driftQueries } from "@/lib/client/drift";
import type { FeaturePointer } from "@/lib/contracts/feature-detail";
import { csvLine } from "@/lib/domain/csv";
import { servingEnvironment } from "@/lib/domain/environments";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import type { ChartOptions } from "./buckets";
import { chartOf } from "./chart-of-profiles";
import classes from "./distributions.module.css";
import { HistogramChart } from "./histogram-chart";
import { MonthGrid } from "./month-grid";
import { partColour, partName } from "./part-colour";
import { saveCsv } from "@/components/ui/save-file";
import { StatsTable } from "./stats-table";
import { useWindowsShown, WindowsControl } from "./windows-shown";

const CHARTS = ["standard", "quantiles", "cumulative"] as const;

const PARSERS = {
  parts: parseAsArrayOf(parseAsString),
  chart: parseAsStringLiteral(CHARTS).withDefault("standard"),
  log: parseAsBoolean.withDefault(false),
  percent: parseAsBoolean.withDefault(true),
  version: parseAsInteger,
};

/** Distributions by part on shared edges, their figures, and the windows side by side. */
export function Distribution({
  workspace,
  name,
  pointers,
}: {
  workspace: string;
  name: string;
  pointers: FeaturePointer[];
}) {
  const [state, set] = useQueryStates(PARSERS, { history: "push" });
  const [windows] = useWindowsShown();
  const { data, error, isPending } = useQuery(featureQueries.profiles(workspace, name, state.version));
  // Of a version that no environment serves there is no drift.
  const environment = servingEnvironment(pointers, data?.version ?? undefined);
  const { data: row } = useQuery({
    ...driftQueries.feature({ workspace, environment: environment ?? "dev", feature: name }),
    enabled: environment !== null && (data?.months.length ?? 0) > 1,
  });
  if (error) return <ErrorState error={error} />;
  if (isPending) return <Skeleton height={400} />;
  if (data.parts.length === 0)
    return (
      <EmptyState title="No profile yet">
        Profiles are computed by the run that writes a feature, in the same pass. Vectors are not profiled.
      </EmptyState>
    );
  const known = data.parts.map((part) => part.part);
  const roles = known.filter((part) => part !== "all");
  const shownNames = (state.parts ?? (roles.length > 0 ? roles : known)).filter((part) => known.includes(part));
  const shown = data.parts.filter((part) => shownNames.includes(part.part));
  const options: ChartOptions = {
    edges: state.chart === "standard" ? "even" : "quantile",
    cumulative: state.chart === "cumulative",
    log: state.log,
    percent: state.percent,
  };
  const { series, axis } = chartOf(shown, options);
  const isNumeric = data.parts[0]?.buckets.kind === "numeric";
  const toCsv = () =>
    saveCsv(
      `${name}-distribution`,
      [
        csvLine(["part", "bucket", "rows", options.percent ? "percent" : "value"]),
        ...series.flatMap(({ part, bars }) => bars.map((bar) => csvLine([part, bar.label, bar.rows, bar.value]))),
        ...shown.map((part) => csvLine([part.part, "missing", part.buckets.missing, null])),
      ].join(""),
    );
  return (
    <Stack gap="lg">
      <section>
        <Group justify="space-between" mb="sm" gap="md">
          <Group gap="md" role="group" aria-label="Parts">
            {known.map((part) => (
              <Checkbox
                key={part}
                size="xs"
                checked={shownNames.includes(part)}
                onChange={(event) =>
                  void set({
                    parts: event.currentTarget.checked
                      ? known.filter((other) => other === part || shownNames.includes(other))
                      : shownNames.filter((other) => other !== part),
                  })
                }
                label={
                  <span className={classes.legend}>
                    <span className={classes.swatch} style={{ background: partColour(part) }} aria-hidden />
                    {partName(part)}
                  </span>
                }
              />
            ))}
          </Group>
          <Group gap="sm">
            {data.versions.length > 1 && (
              <NativeSelect
                size="xs"
                aria-label="Version"
                data={data.versions.map((version) => ({ value: String(version), label: `v${version}` }))}
                value={String(data.version)}
                onChange={(event) => void set({ version: Number(event.currentTarget.value) })}
              />
            )}
            <SegmentedControl
              size="xs"
              aria-label="Chart"
              value={state.chart}
              onChange={(chart) => void set({ chart: chart as (typeof CHARTS)[number] })}
              data={isNumeric ? [...CHARTS] : CHARTS.filter((chart) => chart !== "quantiles")}
            />
            <Checkbox
              size="xs"
              label="log"
              checked={state.log}
              onChange={(event) => void set({ log: event.currentTarget.checked || null })}
            />
            <Checkbox
              size="xs"
              label="percent"
              checked={state.percent}
              onChange={(event) => void set({ percent: event.currentTarget.checked })}
            />
            <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={toCsv}>
              CSV
            </Button>
          </Group>
        </Group>
        {shown.length === 0 ? (
          <EmptyState title="Choose a part">No part is selected.</EmptyState>
        ) : (
          <HistogramChart
            series={series}
            options={options}
            axis={axis}
            height={260}
            label={`${name}: ${state.chart} histogram of ${shownNames.map(partName).join(", ")}`}
          />
        )}
        <Text size="xs" c="dimmed">
          All parts use the same bucket edges, fixed by the first profile
          {options.edges === "quantile" && isNumeric && "; each bucket held a tenth of its rows"}.
        </Text>
      </section>
      <section>
        <Title order={2} mb="xs">
          Figures
        </Title>
        <StatsTable profiles={data.parts} name={name} />
      </section>
      {data.months.length > 1 && (
        <section>
          <Group gap="sm" mb="xs" align="baseline">
            <Title order={2}>Window by window</Title>
            <WindowsControl all={data.months.length} />
          </Group>
          <MonthGrid months={data.months.slice(-windows)} cells={row?.cells ?? []} options={options} name={name} />
        </section>
      )}
    </Stack>
  );
}
