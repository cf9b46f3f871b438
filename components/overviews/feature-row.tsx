"use client";

import { Anchor, Text, Title } from "@mantine/core";
import Link from "next/link";
import type { ChartOptions } from "@/components/distributions/buckets";
import { HistogramChart } from "@/components/distributions/histogram-chart";
import { BreakableName } from "@/components/ui/breakable-name";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import type { Slice } from "@/lib/domain/profiles/slice";
import { countSlice, slicesOf } from "./bar-slice";
import { BucketTable } from "./bucket-table";
import { seriesOf, whichOf } from "./chart-buckets";
import { ComputedFigures } from "./computed-figures";
import classes from "./overview.module.css";
import type { OverviewChart } from "./overview-state";
import { PictureMenu } from "./picture-menu";
import { GroupTable } from "./group-table";
import { SlicePanel } from "./slice-panel";
import { ValencyChart } from "./valency-chart";

/** Pixels of a chart. */
export const CHART_HEIGHT = { low: 64, tall: 200 };

export interface RowLook {
  chart: OverviewChart;
  options: ChartOptions;
  expand: boolean;
  table: boolean;
  /** Notes that the page has for several features together. */
  saidBefore: ReadonlySet<string>;
}

/** One feature: what it is, its distributions over each other, its figures side by side. */
export function FeatureRow({
  feature,
  groups,
  look,
  slice,
  diveHref,
  onSlice,
}: {
  feature: OverviewFeature;
  groups: readonly ComparisonGroup[];
  look: RowLook;
  /** The selected slice, when it is of this feature. */
  slice: Slice | null;
  diveHref: string | null;
  onSlice(slice: Slice | null): void;
}) {
  const { chart, options } = look;
  const series = seriesOf(feature, groups, options);
  const which = whichOf(feature, options.edges);
  const selected = slice && countSlice(feature, groups, slice);
  const isDrawn = series.length > 0 && (series[0]?.bars.length ?? 0) > 0;
  const words =
    feature.notes.length === 0
      ? "Nothing to draw: there are no values."
      : feature.notes.every((note) => look.saidBefore.has(note)) && "See the note above.";
  const names = series.map(({ label, part }) => label ?? part).join(", ");
  return (
    <div className={classes.row} data-table={look.table || undefined}>
      <div className={classes.name}>
        <div className={classes.head}>
          <Title order={2} className={classes.title}>
            <Anchor component={Link} href={`/features/${encodeURIComponent(feature.feature)}`} inherit>
              <BreakableName name={feature.name} />
            </Anchor>
          </Title>
          {isDrawn && <PictureMenu name={feature.name} series={series} options={options} />}
        </div>
        <Text size="xs" c="dimmed" component="div">
          {[feature.unit, feature.type ?? "type unknown", feature.version && `v${feature.version}`, feature.owner]
            .filter(Boolean)
            .join(" · ")}
        </Text>
        <ComputedFigures feature={feature} />
      </div>
      <div className={classes.chart}>
        {chart === "valency" ? (
          <ValencyChart feature={feature} groups={groups} />
        ) : !isDrawn ? (
          words && <p className={classes.words}>{words}</p>
        ) : look.table ? (
          <BucketTable name={feature.name} series={series} options={options} expand={look.expand} />
        ) : (
          <HistogramChart
            series={series}
            options={options}
            size="row"
            height={look.expand ? CHART_HEIGHT.tall : CHART_HEIGHT.low}
            label={`${feature.name}: ${chart} histogram of ${names}`}
            selection={{
              selected: selected?.which === which ? selected.at : null,
              onSelect: (at) => {
                const bar = slicesOf(feature, which)[at];
                if (bar) onSlice(selected?.which === which && selected.at === at ? null : bar);
              },
            }}
          />
        )}
        {feature.notes
          .filter((note) => !look.saidBefore.has(note))
          .map((note) => (
            <p key={note} className={classes.words}>
              {note}
            </p>
          ))}
      </div>
      <div className={classes.table}>
        <GroupTable feature={feature} groups={groups} />
      </div>
      {slice && (
        <SlicePanel feature={feature} groups={groups} slice={slice} diveHref={diveHref} onClear={() => onSlice(null)} />
      )}
    </div>
  );
}
