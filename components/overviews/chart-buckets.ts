import { barsOf, endsOf, formatNumber, type ChartOptions, type Series } from "@/components/distributions/buckets";
import { sideLook } from "@/components/distributions/part-colour";
import type { Buckets } from "@/lib/contracts/feature-detail";
import type { OverviewFeature, OverviewFigures, OverviewSide } from "@/lib/contracts/overviews";

/** The histogram that a chart draws: by equal widths, or by quantiles and values. */
export type Which = "even" | "main";

/** Values without a bucket of equal width are drawn by value whatever was asked for. */
export function whichOf(feature: OverviewFeature, edges: ChartOptions["edges"]): Which {
  return edges === "even" && feature.even ? "even" : "main";
}

/** One side's histogram; null where it was counted in other buckets or not at all. */
export function bucketsOfSide(feature: OverviewFeature, side: OverviewFigures | null, which: Which): Buckets | null {
  const counts = which === "even" ? side?.even : side?.counts;
  if (!side || !counts) return null;
  const { missing, nan = 0 } = side;
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

/** The sides of a feature as a chart draws them, all with the same bars. */
export function seriesOf(feature: OverviewFeature, sides: readonly OverviewSide[], options: ChartOptions): Series[] {
  const which = whichOf(feature, options.edges);
  const drawn = sides.flatMap((side, at) => {
    const buckets = bucketsOfSide(feature, feature.sides[at] ?? null, which);
    return buckets ? [{ side, at, buckets }] : [];
  });
  const ends = endsOf(drawn.map(({ buckets }) => buckets));
  return drawn.map(({ side, at, buckets }) => ({
    part: side.key,
    label: side.label,
    look: sideLook(side.key, at),
    bars: barsOf(buckets, options, { ends, format: (edge) => edgeText(feature, edge) }),
  }));
}
