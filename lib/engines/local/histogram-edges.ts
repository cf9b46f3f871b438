import type { Histogram } from "@/lib/domain/statistics/histogram";
import { bucketIndex } from "./operators/buckets";

const EQUAL_WIDTH_BINS = 20;

/** Ascending edges without repetition. */
function tidy(edges: number[]): number[] {
  return [...new Set(edges.filter(Number.isFinite))].sort((a, b) => a - b);
}

/** Twenty intervals of one width between the 1st and 99th percentile; what lies beyond is underflow and overflow. */
export function equalWidthEdges(low: number, high: number, min: number, max: number): number[] {
  const [from, to] = low < high ? [low, high] : [min, max];
  if (!(from < to)) {
    // As numpy draws a constant: an interval around it, wide enough to differ from it in floating point.
    const half = Math.max(0.5, Math.abs(from) * 1e-9);
    return [from - half, from + half];
  }
  return tidy(
    Array.from({ length: EQUAL_WIDTH_BINS + 1 }, (_, i) =>
      i === EQUAL_WIDTH_BINS ? to : from + ((to - from) * i) / EQUAL_WIDTH_BINS,
    ),
  );
}

/** SQL of the bucket of a number that is not NaN: −1 below the edges, the number of buckets above them. */
export function histogramBucket(x: string, edges: number[]): string {
  if (edges.length < 2) return "0";
  const above = edges.length - 1;
  return `coalesce(${bucketIndex(x, edges, String)}, CASE WHEN ${x} < '${edges[0]}'::DOUBLE THEN -1 ELSE ${above} END)`;
}

/** A numeric histogram from counts by `histogramBucket`. */
export function numericHistogram(
  edges: number[],
  buckets: Map<number, number>,
  missing: number,
  nan: number,
): Histogram {
  const size = Math.max(0, edges.length - 1);
  return {
    kind: "numeric",
    edges,
    counts: Array.from({ length: size }, (_, i) => buckets.get(i) ?? 0),
    underflow: buckets.get(-1) ?? 0,
    overflow: buckets.get(size) ?? 0,
    missing,
    nan,
  };
}
