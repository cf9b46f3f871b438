import { alignHistograms, type SpanBucket, type SpanHistogram } from "../statistics/aligned-histograms";
import { toShares } from "../statistics/empty-buckets";
import type { CategoricalHistogram } from "../statistics/histogram";
import { type Population, readList } from "./preview-cells";
import { isMap, readCount } from "./preview-counts";
import type { Issues } from "./preview-issues";

/** Histograms with buckets of their own, cut at the same edges. */
export interface Aligned {
  reference: CategoricalHistogram;
  current: CategoricalHistogram;
  shown: { aligned_edges: number[]; p: number[]; q: number[] };
}

/** What nothing on the other side can match is a bucket of its own for each. */
export function alignedSides(reference: SpanHistogram, current: SpanHistogram): Aligned {
  const aligned = alignHistograms(reference, current);
  const { edges, points, unmatched } = aligned;
  const values = [
    ...edges.slice(1).map((edge, at) => `${edges[at]} to ${edge}`),
    ...points.map(String),
    "unmatched of the reference",
    "unmatched of the current",
  ];
  const counts = [
    [...aligned.reference, unmatched[0], 0],
    [...aligned.current, 0, unmatched[1]],
  ];
  const histogram = (at: 0 | 1): CategoricalHistogram => ({
    kind: "categorical",
    values,
    counts: counts[at] ?? [],
    other: 0,
    missing: 0,
  });
  const matched = (at: 0 | 1) => toShares(counts[at] ?? []).slice(0, -2);
  return {
    reference: histogram(0),
    current: histogram(1),
    shown: { aligned_edges: edges, p: matched(0), q: matched(1) },
  };
}

/** `[low, high, count]` buckets, or an object with these and `num_nan`. */
export function readHistogram(value: unknown, population: Population, issues: Issues): SpanHistogram {
  const list = isMap(value) ? value.buckets : value;
  const nan =
    isMap(value) && value.num_nan !== undefined ? readCount(value.num_nan, [population, "num_nan"], issues) : 0;
  const path: (string | number)[] = isMap(value) ? [population, "buckets"] : [population];
  if (isMap(value)) {
    for (const name of Object.keys(value).filter((key) => key !== "buckets" && key !== "num_nan"))
      issues.addUnknown([population, name], name, ["buckets", "num_nan"]);
  }
  if (!Array.isArray(list)) {
    issues.add(
      path,
      "is not a list of buckets",
      "a list of [low, high, count], or an object with buckets and num_nan",
      list,
    );
    return { buckets: [], nan };
  }
  const buckets = readList(list, population, issues)
    .map((bucket, index) => readBucket(bucket, [...path, index], issues))
    .filter((bucket) => bucket !== null);
  assertNoOverlap(buckets, path, issues);
  return { buckets, nan };
}

function readBucket(value: unknown, path: (string | number)[], issues: Issues): SpanBucket | null {
  if (Array.isArray(value) && value.length === 3) {
    const [low, high] = [readBound(value[0]), readBound(value[1])];
    if (low !== null && high !== null && low <= high) return [low, high, readCount(value[2], [...path, 2], issues)];
  }
  issues.add(path, "is not a bucket", "[low, high, count] with low at most high", value);
  return null;
}

function readBound(value: unknown): number | null {
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  return typeof value === "number" ? value + 0 : null;
}

function assertNoOverlap(buckets: SpanBucket[], path: (string | number)[], issues: Issues): void {
  const spans = buckets
    .filter(([low, high]) => low < high)
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const at = spans.findIndex(([low], index) => index > 0 && low < (spans[index - 1]?.[1] ?? low));
  if (at !== -1)
    issues.add(path, "has buckets that overlap", "buckets that share at most their ends", spans.slice(at - 1, at + 1));
}
