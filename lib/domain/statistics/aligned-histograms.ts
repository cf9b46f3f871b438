import { distinctEdges, equalWidthEdges } from "./bin-edges";
import { openEnds } from "./open-ends";
import { countNumbers } from "./histogram";

/** A bucket as [low, high, count]; low and high are equal for a single value, and may be infinite. */
export type SpanBucket = readonly [low: number, high: number, count: number];

export interface SpanHistogram {
  buckets: readonly SpanBucket[];
  nan: number;
}

export interface AlignedCounts {
  /** Boundaries of both sides' finite buckets, ascending. */
  edges: number[];
  /** Single values of both sides, ascending. */
  points: number[];
  /** Rows between the edges, then at the single values. */
  reference: number[];
  current: number[];
  /** Rows that nothing on the other side can match: NaN and buckets with an infinite end. */
  unmatched: [number, number];
}

/**
 * Rows of histograms with different buckets by the same buckets, as TFDV aligns them (anomalies/metrics.cc): both are cut at
 * all boundaries, with the rows of a bucket spread evenly over it. A single value is a bucket of its own and matches only the
 * same single value. NaN and buckets with an infinite end match nothing, not even the same on the other side.
 * Buckets of one histogram must not overlap.
 */
export function alignHistograms(reference: SpanHistogram, current: SpanHistogram): AlignedCounts {
  const both = [reference, current] as const;
  const edges = sortedSet(both.flatMap(({ buckets }) => buckets.filter(isSpan).flatMap(([low, high]) => [low, high])));
  const points = sortedSet(both.flatMap(({ buckets }) => buckets.filter(isPoint).map(([low]) => low)));
  const rows = (of: SpanHistogram) => [...countsBetween(of, edges), ...countsAt(of, points)];
  return {
    edges,
    points,
    reference: rows(reference),
    current: rows(current),
    unmatched: [unmatchedOf(reference), unmatchedOf(current)],
  };
}

/** What TFDV calls a standard histogram: ten equal-width buckets of the finite values; infinities stretch the outer buckets. */
export function standardHistogram(values: readonly number[]): SpanHistogram {
  const numbers = values.filter((value) => !Number.isNaN(value));
  const nan = values.length - numbers.length;
  let [min, max, finite] = [Infinity, -Infinity, 0];
  for (const value of numbers) {
    if (!Number.isFinite(value)) continue;
    finite += 1;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const has = (end: number) => numbers.includes(end);
  if (finite === 0) {
    const infinite = [-Infinity, Infinity].map(
      (end) => [end, end, numbers.filter((value) => value === end).length] as const,
    );
    return { nan, buckets: infinite.filter(([, , count]) => count > 0) };
  }
  if (min === max && finite === numbers.length) return { nan, buckets: [[min, max, finite]] };
  const { edges, counts } = openEnds(countNumbers(numbers, distinctEdges(equalWidthEdges(min, max, 10))));
  const ends = [...edges];
  if (has(-Infinity)) ends[0] = -Infinity;
  if (has(Infinity)) ends[ends.length - 1] = Infinity;
  return { nan, buckets: counts.map((count, index) => [ends[index] as number, ends[index + 1] as number, count]) };
}

function isFinite([low, high]: SpanBucket): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}

function isPoint(bucket: SpanBucket): boolean {
  return isFinite(bucket) && bucket[0] === bucket[1];
}

function isSpan(bucket: SpanBucket): boolean {
  return isFinite(bucket) && bucket[0] !== bucket[1];
}

function countsBetween({ buckets }: SpanHistogram, edges: readonly number[]): number[] {
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  const indexOf = new Map(edges.map((edge, index) => [edge, index]));
  for (const [low, high, count] of buckets.filter(isSpan)) {
    // The width of all doubles is no double, and half of the smallest is nothing.
    const scale = Number.isFinite(high - low) ? 1 : 2;
    const width = high / scale - low / scale;
    for (let index = indexOf.get(low) ?? 0; index < (indexOf.get(high) ?? 0); index += 1) {
      const part = ((edges[index + 1] ?? 0) / scale - (edges[index] ?? 0) / scale) / width;
      counts[index] = (counts[index] ?? 0) + count * part;
    }
  }
  return counts;
}

function countsAt({ buckets }: SpanHistogram, points: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const [low, , count] of buckets.filter(isPoint)) counts.set(low, (counts.get(low) ?? 0) + count);
  return points.map((point) => counts.get(point) ?? 0);
}

function unmatchedOf({ buckets, nan }: SpanHistogram): number {
  return buckets.reduce((sum, bucket) => (isFinite(bucket) ? sum : sum + bucket[2]), nan);
}

function sortedSet(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
