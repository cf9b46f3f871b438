import { barsOf, endsOf, formatNumber, type ChartOptions, type Series } from "@/components/distributions/buckets";
import { groupStyle } from "@/components/distributions/part-colour";
import type { Buckets } from "@/lib/contracts/feature-detail";
import type { OverviewFeature, OverviewFigures, ComparisonGroup } from "@/lib/contracts/overviews";

/** The histogram that a chart draws: by equal widths, or by quantiles and values. */
export type Which = "even" | "main";

/** Values without a bucket of equal width are drawn by value whatever was asked for. */
export function whichOf(feature: OverviewFeature, edges: ChartOptions["edges"]): Which {
  return edges === "even" && feature.even ? "even" : "main";
}

/** One group's histogram; null where it was counted in other buckets or not at all. */
export function bucketsOfGroup(feature: OverviewFeature, group: OverviewFigures | null, which: Which): Buckets | null {
  const counts = which === "even" ? group?.even : group?.counts;
  if (!group || !counts) return null;
  const { missing, nan = 0 } = group;
  const edges = which === "even" ? feature.even : feature.edges;
  if (edges)
    return {
      kind: "numeric",
      edges,
      values: [],
      counts: counts.slice(1, -1),
      underflow: counts[0] ?? 0,
      overflow: counts.at(-1) ?? 0,
      missing,
      nan,
    };
  return {
    kind: "categorical",
    edges: [],
    values: feature.values ?? [],
    counts: counts.slice(0, -1),
    underflow: 0,
    overflow: counts.at(-1) ?? 0,
    missing,
    nan,
  };
}

/** Edges as people read them: a time is kept in milliseconds since 1970. */
export function edgeText(feature: OverviewFeature, edge: number): string {
  if (feature.kind !== "time") return formatNumber(edge);
  const at = new Date(edge);
  return Number.isNaN(at.getTime()) ? formatNumber(edge) : at.toISOString().slice(0, 10);
}

/** The groups of a feature as a chart draws them, all with the same bars. */
export function seriesOf(
  feature: OverviewFeature,
  groups: readonly ComparisonGroup[],
  options: ChartOptions,
): Series[] {
  const which = whichOf(feature, options.edges);
  const drawn = groups.flatMap((group, at) => {
    const buckets = bucketsOfGroup(feature, feature.groups[at] ?? null, which);
    return buckets ? [{ group, at, buckets }] : [];
  });
  const ends = endsOf(drawn.map(({ buckets }) => buckets));
  return drawn.map(({ group, at, buckets }) => ({
    part: group.key,
    label: group.label,
    look: groupStyle(group.key, at),
    bars: barsOf(buckets, options, { ends, format: (edge) => edgeText(feature, edge) }),
  }));
}
