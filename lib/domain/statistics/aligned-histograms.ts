import { toShares } from "./empty-buckets";
import { jsDivergence, type Logarithm } from "./share-distances";

/** A bucket as [low, high, count]; low and high are equal for a single value, and may be infinite. */
export type SpanBucket = readonly [low: number, high: number, count: number];

export interface SpanHistogram {
  buckets: readonly SpanBucket[];
  nan: number;
}

export interface AlignedDivergence {
  value: number;
  /** Boundaries of both sides' finite buckets, ascending. */
  edges: number[];
  /** Shares between these edges, then those of single values, ascending. */
  p: number[];
  q: number[];
  /** Shares that nothing on the other side can match: NaN and buckets with an infinite end. */
  unmatched: [number, number];
}

/**
 * Jensen–Shannon divergence of histograms with different buckets, as TFDV computes it (anomalies/metrics.cc): both are cut at
 * all boundaries, with the rows of a bucket spread evenly over it. A single value is a bucket of its own and matches only the
 * same single value. NaN and buckets with an infinite end match nothing, not even the same on the other side.
 * Buckets of a side must not overlap. Both sides must have rows.
 */
export function alignedDivergence(reference: SpanHistogram, current: SpanHistogram, log: Logarithm): AlignedDivergence {
  const sides = [reference, current] as const;
  const edges = sortedSet(sides.flatMap(({ buckets }) => buckets.filter(isSpan).flatMap(([low, high]) => [low, high])));
  const points = sortedSet(sides.flatMap(({ buckets }) => buckets.filter(isPoint).map(([low]) => low)));
  const [p, q] = sides.map((side) => toShares([...countsBetween(side, edges), ...countsAt(side, points), lost(side)]));
  const shares = (of: number[] | undefined) => ({ matched: of?.slice(0, -1) ?? [], unmatched: of?.at(-1) ?? 0 });
  const [one, other] = [shares(p), shares(q)];
  return {
    value: jsDivergence([...one.matched, one.unmatched, 0], [...other.matched, 0, other.unmatched], log),
    edges,
    p: one.matched,
    q: other.matched,
    unmatched: [one.unmatched, other.unmatched],
  };
}

/** Rows of a side. */
export function rowsOf({ buckets, nan }: SpanHistogram): number {
  return buckets.reduce((sum, [, , count]) => sum + count, nan);
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

function lost({ buckets, nan }: SpanHistogram): number {
  return buckets.reduce((sum, bucket) => (isFinite(bucket) ? sum : sum + bucket[2]), nan);
}

function sortedSet(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
