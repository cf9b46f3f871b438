import { endsOf } from "@/components/distributions/buckets";
import type { Buckets } from "@/lib/contracts/feature-detail";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import type { Slice } from "@/lib/domain/profiles/slice";
import { bucketsOfGroup, edgeText, type Which } from "./chart-buckets";

/** The rows behind each bar of a chart, in the order of the bars. */
export function slicesOf(feature: OverviewFeature, which: Which): Slice[] {
  const drawn = feature.groups.flatMap((group) => bucketsOfGroup(feature, group, which) ?? []);
  const [first] = drawn;
  if (!first) return [];
  const column = feature.name;
  const { low, high } = endsOf(drawn);
  if (first.kind === "categorical")
    return [
      ...first.values.map((value) => ({ column, kind: "value" as const, value })),
      ...(high ? [{ column, kind: "other" as const, values: first.values }] : []),
    ];
  const { edges } = first;
  const range = (from: number | null, to: number | null, closed = false) => ({
    column,
    kind: "range" as const,
    from,
    to,
    closed,
  });
  return [
    ...(low ? [range(null, edges[0] ?? 0)] : []),
    ...first.counts.map((_, at) => range(edges[at] ?? 0, edges[at + 1] ?? 0, at === first.counts.length - 1)),
    ...(high ? [{ column, kind: "above" as const, from: edges.at(-1) ?? 0 }] : []),
  ];
}

/** Rows of a slice on one group. */
export interface SliceCount {
  group: ComparisonGroup;
  rows: number;
  /** Of the group's rows; 0 without any. */
  share: number;
  /** How many times the reference's share; null for the reference, and where that has none. */
  ratio: number | null;
}

/** Counts a slice on every group that has it; null when it is no bar of this feature. */
export function countSlice(
  feature: OverviewFeature,
  groups: readonly ComparisonGroup[],
  slice: Slice,
): { counts: SliceCount[]; which: Which | null; at: number | null } | null {
  const place = findBar(feature, slice);
  if (!place && slice.kind !== "missing" && slice.kind !== "nan") return null;
  const counted = groups.flatMap((group, at) => {
    const figures = feature.groups[at] ?? null;
    if (!figures) return [];
    const buckets = place && bucketsOfGroup(feature, figures, place.which);
    if (place && !buckets) return [];
    const rows = buckets
      ? rowsAt(feature, buckets, place.which, place.at)
      : slice.kind === "nan"
        ? (figures.nan ?? 0)
        : figures.missing;
    return [{ group, rows, share: figures.rows === 0 ? 0 : rows / figures.rows }];
  });
  const [reference] = counted;
  return {
    which: place?.which ?? null,
    at: place?.at ?? null,
    counts: counted.map((count, at) => ({
      ...count,
      ratio: at === 0 || !reference || reference.share === 0 ? null : count.share / reference.share,
    })),
  };
}

/** Which bar a slice is, in either histogram. */
function findBar(feature: OverviewFeature, slice: Slice): { which: Which; at: number } | null {
  for (const which of ["even", "main"] as const) {
    const at = slicesOf(feature, which).findIndex((bar) => isSame(bar, slice));
    if (at >= 0) return { which, at };
  }
  return null;
}

function isSame(one: Slice, other: Slice): boolean {
  if (one.column !== other.column || one.kind !== other.kind) return false;
  if (one.kind === "range" && other.kind === "range") return one.from === other.from && one.to === other.to;
  if (one.kind === "above" && other.kind === "above") return one.from === other.from;
  if (one.kind === "value" && other.kind === "value") return one.value === other.value;
  return true;
}

function rowsAt(feature: OverviewFeature, buckets: Buckets, which: Which, at: number): number {
  const { low } = endsOf(feature.groups.flatMap((group) => bucketsOfGroup(feature, group, which) ?? []));
  const inner = at - (low ? 1 : 0);
  if (inner < 0) return buckets.underflow;
  return buckets.counts[inner] ?? buckets.overflow;
}

/** The slice in words: "delay from 10 to 20", "origin is ATL". */
export function sliceName(slice: Slice, feature?: OverviewFeature): string {
  const { column } = slice;
  const edge = (value: number) => (feature ? edgeText(feature, value) : String(value));
  switch (slice.kind) {
    case "range":
      if (slice.from === null && slice.to === null) return `${column} of any value`;
      if (slice.from === null) return `${column} below ${edge(slice.to as number)}`;
      if (slice.to === null) return `${column} from ${edge(slice.from)}`;
      return slice.from === slice.to
        ? `${column} of ${edge(slice.from)}`
        : `${column} from ${edge(slice.from)} to ${edge(slice.to)}`;
    case "above":
      return `${column} above ${edge(slice.from)}`;
    case "value":
      return `${column} is ${slice.value === "" ? "empty" : slice.value}`;
    case "other":
      return `${column} is none of the listed values`;
    case "missing":
      return `${column} is missing`;
    case "nan":
      return `${column} is not a number`;
  }
}
