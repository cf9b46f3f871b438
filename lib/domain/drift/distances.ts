import { DomainError } from "../errors";
import { assertSameBuckets, bucketsOf, type Histogram } from "./histogram";

/**
 * Distances between two histograms, over every bucket: also underflow, overflow, missing, NaN and unseen values. They are
 * never NaN. A side without rows has no distribution: two such sides are at distance 0, and one beside a side with rows is
 * at the greatest distance of the metric, as everything that was there is gone. PSI has no greatest value; it takes the
 * rows to be spread evenly.
 */

export interface PsiOptions {
  /** Default 1e-6. */
  epsilon?: number;
  /**
   * What becomes of a bucket that is empty on one side, whose logarithm would be infinite:
   * - `add` (default, Hopsworks): epsilon is added to every share, then shares are normalised again;
   * - `floor` (deepchecks): shares below epsilon become epsilon;
   * - `replace` (evidently): zeros become epsilon, or a millionth of the smallest other share where that is not above epsilon.
   */
  emptyBuckets?: "add" | "floor" | "replace";
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
  const smooth = SMOOTHINGS[emptyBuckets];
  const [smoothP, smoothQ] = [smooth(p, used, epsilon), smooth(q, used, epsilon)];
  return smoothP.map((share, index) => {
    const other = smoothQ[index] ?? 0;
    return used[index] ? (share - other) * Math.log(share / other) : 0;
  });
}

type Smoothing = (shares: readonly number[], used: readonly boolean[], epsilon: number) => number[];

const SMOOTHINGS: Record<NonNullable<PsiOptions["emptyBuckets"]>, Smoothing> = {
  add(shares, used, epsilon) {
    const raised = shares.map((share, index) => (used[index] ? share + epsilon : 0));
    const sum = raised.reduce((total, share) => total + share, 0);
    return raised.map((share) => (sum === 0 ? 0 : share / sum));
  },
  floor: (shares, _, epsilon) => shares.map((share) => Math.max(share, epsilon)),
  replace(shares, _, epsilon) {
    const smallest = shares.reduce((least, share) => (share > 0 && share < least ? share : least), Infinity);
    const substitute = smallest > epsilon ? epsilon : smallest / 1e6;
    return shares.map((share) => (share === 0 ? substitute : share));
  },
};

/** Jensen–Shannon divergence: base 2, in [0, 1], unless natural logarithms are asked for, in [0, ln 2]. Throws `invalid` for different buckets. */
export function jsDivergence(reference: Histogram, current: Histogram, log: "log2" | "ln" = "log2"): number {
  const { p, q, absent } = distributionsOf(reference, current);
  const unit = log === "log2" ? Math.LN2 : 1;
  if (absent) return Math.LN2 / unit;
  const nats = sumOver(p, q, (one, other) => {
    const middle = (one + other) / 2;
    return (term(one, middle) + term(other, middle)) / 2;
  });
  return clamp(nats / unit, Math.LN2 / unit);
}

/** Square root of the divergence: a metric. */
export function jsDistance(reference: Histogram, current: Histogram, log: "log2" | "ln" = "log2"): number {
  return Math.sqrt(jsDivergence(reference, current, log));
}

/** Greatest difference of shares, in [0, 1], and the bucket it is in (the first of several). Throws `invalid` for different buckets. */
export function lInfinity(reference: Histogram, current: Histogram): { value: number; bucket: number } {
  const { p, q, absent } = distributionsOf(reference, current);
  let value = 0;
  let bucket = 0;
  p.forEach((share, index) => {
    const difference = Math.abs(share - (q[index] ?? 0));
    if (difference > value) [value, bucket] = [difference, index];
  });
  return { value: absent ? 1 : value, bucket };
}

/** √(1 − Σ √(p q)), in [0, 1], computed as √(Σ (√p − √q)² / 2), which does not cancel. Throws `invalid` for different buckets. */
export function hellinger(reference: Histogram, current: Histogram): number {
  const { p, q, absent } = distributionsOf(reference, current);
  if (absent) return 1;
  return clamp(Math.sqrt(sumOver(p, q, (one, other) => (Math.sqrt(one) - Math.sqrt(other)) ** 2) / 2), 1);
}

/** Σ |p − q| / 2, in [0, 1]. Throws `invalid` for different buckets. */
export function totalVariation(reference: Histogram, current: Histogram): number {
  const { p, q, absent } = distributionsOf(reference, current);
  if (absent) return 1;
  return clamp(sumOver(p, q, (one, other) => Math.abs(one - other)) / 2, 1);
}

interface Distributions {
  p: number[];
  q: number[];
  /** Exactly one side has no rows. */
  absent: boolean;
}

function distributionsOf(reference: Histogram, current: Histogram): Distributions {
  assertSameBuckets(reference, current);
  const p = toShares(reference);
  const q = toShares(current);
  return { p, q, absent: p.some((share) => share > 0) !== q.some((share) => share > 0) };
}

function toShares(histogram: Histogram): number[] {
  const counts = bucketsOf(histogram).map(({ count }) => count);
  const wrong = counts.find((count) => !Number.isFinite(count) || count < 0);
  if (wrong !== undefined)
    throw new DomainError("invalid", `A bucket cannot have ${wrong} rows. Expected zero or more.`);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}

function sumOver(p: readonly number[], q: readonly number[], of: (one: number, other: number) => number): number {
  return p.reduce((sum, share, index) => sum + of(share, q[index] ?? 0), 0);
}

/** p ln(p / m), with its limit 0 where p is 0. */
function term(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log(share / middle);
}

/** Rounding may leave the last digit outside the metric's range. */
function clamp(value: number, greatest: number): number {
  return Math.min(greatest, Math.max(0, value));
}
