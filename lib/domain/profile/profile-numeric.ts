import { momentsOf, type Moments } from "../statistics/moments";
import { normalisedEntropy } from "../statistics/normalised-entropy";
import { deciles, quantile } from "../statistics/quantiles";
import { countBetween, equalWidthEdges, type ValueHistogram } from "../statistics/value-histogram";

const TAILS = [0.01, 0.05, 0.95, 0.99];
const BUCKETS = 10;

export interface NumericProfile {
  rows: number;
  /** Null rows; NaN is a value. */
  missing: number;
  nan: number;
  positiveInfinity: number;
  negativeInfinity: number;
  /** −0 included. */
  zeros: number;
  /** −∞ included. */
  negative: number;
  /** Exact number of different values, with −0 equal to 0 and NaN left out. */
  distinct: number;
  /** Of the finite values; null when there are none. */
  moments: Moments | null;
  /** Of the finite values by type 7: minimum, nine deciles, maximum; empty when there are none. */
  deciles: number[];
  /** 0.01, 0.05, 0.95 and 0.99 by type 7. */
  tails: Record<string, number>;
  /** What the mean would be if NaN and infinities took part; null without values. */
  meanOfAll: number | null;
  /** Ten equal-width buckets over the finite values; −∞ is in the first and +∞ in the last. Null without finite values. */
  histogram: ValueHistogram | null;
  /** Of the histogram: 1 is uniform, 0 all in one bucket. */
  entropy: number | null;
}

/** Exact profile of a numeric column that is small enough to be held in memory. */
export function profileNumeric(column: readonly (number | null)[]): NumericProfile {
  const present = column.filter((value) => value !== null);
  const numbers = present.filter((value) => !Number.isNaN(value));
  const finite = numbers.filter(Number.isFinite);
  const moments = momentsOf(finite);
  const sorted = Float64Array.from(finite).sort();
  const histogram = moments
    ? countBetween(numbers, equalWidthEdges(moments.min, moments.max, BUCKETS), "nearest")
    : null;
  const count = (is: (value: number) => boolean) => present.filter(is).length;
  const positiveInfinity = count((value) => value === Infinity);
  const negativeInfinity = count((value) => value === -Infinity);
  const nan = present.length - numbers.length;
  return {
    rows: column.length,
    missing: column.length - present.length,
    nan,
    positiveInfinity,
    negativeInfinity,
    zeros: count((value) => value === 0),
    negative: count((value) => value < 0),
    distinct: new Set(numbers).size,
    moments,
    deciles: deciles(sorted),
    tails: Object.fromEntries(moments ? TAILS.map((p) => [String(p), quantile(sorted, p) ?? 0]) : []),
    meanOfAll: meanOfAll(moments, nan, positiveInfinity, negativeInfinity),
    histogram,
    entropy: histogram && normalisedEntropy(histogram.counts),
  };
}

function meanOfAll(moments: Moments | null, nan: number, positive: number, negative: number): number | null {
  if (nan > 0 || (positive > 0 && negative > 0)) return NaN;
  if (positive > 0) return Infinity;
  return negative > 0 ? -Infinity : (moments?.mean ?? null);
}
