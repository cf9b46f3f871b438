import { DomainError } from "../errors";
import { assertSameBuckets, countsOf, type Histogram } from "./histogram";
import { fillEmptyBuckets, toShares, type EmptyBuckets } from "./empty-buckets";
import * as between from "./share-distances";

/**
 * Distances between two histograms, over every bucket: also underflow, overflow, missing, NaN and unseen values. They are
 * never NaN. A side without rows has no distribution: two such sides are at distance 0, and one beside a side with rows is
 * at the greatest distance of the metric, as everything that was there is gone. PSI has no greatest value; it takes the
 * rows to be spread evenly.
 */

export interface PsiOptions {
  /** Default 1e-6. */
  epsilon?: number;
  /** What becomes of a bucket that is empty on one side; default `add`. */
  emptyBuckets?: EmptyBuckets;
}

/**
 * Population stability index, Σ (p − q) ln(p / q), at least 0. Buckets that are empty on both sides hold no evidence and
 * are left out, so that the number does not depend on how many there are. Throws `invalid` for different buckets.
 */
export function psi(reference: Histogram, current: Histogram, options: PsiOptions = {}): number {
  return psiContributions(reference, current, options).reduce((sum, contribution) => sum + contribution, 0);
}

/** The term of each bucket in `psi`, in the order of `bucketsOf`. */
export function psiContributions(
  reference: Histogram,
  current: Histogram,
  { epsilon = 1e-6, emptyBuckets = "add" }: PsiOptions = {},
): number[] {
  const { p, q } = distributionsOf(reference, current);
  const used = p.map((share, index) => share > 0 || (q[index] ?? 0) > 0);
  const fill = (shares: readonly number[]) => fillEmptyBuckets(shares, used, { emptyBuckets, epsilon });
  return between.psiTerms(fill(p), fill(q)).map((term, index) => (used[index] ? term : 0));
}

/** Jensen–Shannon divergence: base 2, in [0, 1], unless natural logarithms are asked for, in [0, ln 2]. Throws `invalid` for different buckets. */
export function jsDivergence(reference: Histogram, current: Histogram, log: between.Logarithm = "log2"): number {
  const { p, q, absent } = distributionsOf(reference, current);
  return absent ? between.jsDivergenceLimit(log) : between.jsDivergence(p, q, log);
}

/** Square root of the divergence: a metric. */
export function jsDistance(reference: Histogram, current: Histogram, log: between.Logarithm = "log2"): number {
  return Math.sqrt(jsDivergence(reference, current, log));
}

/** Greatest difference of shares, in [0, 1], and the bucket it is in (the first of several). Throws `invalid` for different buckets. */
export function lInfinity(reference: Histogram, current: Histogram): { value: number; bucket: number } {
  const { p, q, absent } = distributionsOf(reference, current);
  const greatest = between.lInfinity(p, q);
  return absent ? { ...greatest, value: 1 } : greatest;
}

/** √(1 − Σ √(p q)), in [0, 1]. Throws `invalid` for different buckets. */
export function hellinger(reference: Histogram, current: Histogram): number {
  const { p, q, absent } = distributionsOf(reference, current);
  return absent ? 1 : between.hellinger(p, q);
}

/** Σ |p − q| / 2, in [0, 1]. Throws `invalid` for different buckets. */
export function totalVariation(reference: Histogram, current: Histogram): number {
  const { p, q, absent } = distributionsOf(reference, current);
  return absent ? 1 : between.totalVariation(p, q);
}

interface Distributions {
  p: number[];
  q: number[];
  /** Exactly one side has no rows. */
  absent: boolean;
}

function distributionsOf(reference: Histogram, current: Histogram): Distributions {
  assertSameBuckets(reference, current);
  const p = sharesOf(reference);
  const q = sharesOf(current);
  return { p, q, absent: p.some((share) => share > 0) !== q.some((share) => share > 0) };
}

function sharesOf(histogram: Histogram): number[] {
  const counts = countsOf(histogram);
  const wrong = counts.find((count) => !Number.isFinite(count) || count < 0);
  if (wrong !== undefined)
    throw new DomainError("invalid", `A bucket cannot have ${wrong} rows. Expected zero or more.`);
  return toShares(counts);
}
