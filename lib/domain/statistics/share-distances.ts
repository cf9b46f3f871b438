/**
 * Distances between two distributions given as shares of the same buckets: p of the reference, q of the current side, each
 * adding up to 1. They are never NaN.
 */

export const LOGARITHMS = ["ln", "log2"] as const;
export type Logarithm = (typeof LOGARITHMS)[number];

/**
 * Σ (p − q) ln(p / q) of each bucket, the terms of the population stability index. Buckets that are empty on both sides are
 * 0; one that is empty on one side only is infinite, so fill it first (`sharesOf`).
 */
export function psiTerms(p: readonly number[], q: readonly number[]): number[] {
  return p.map((share, index) => psiTerm(share, q[index] ?? 0));
}

/** Population stability index: the sum of `psiTerms`, at least 0. */
export function psi(p: readonly number[], q: readonly number[], log: Logarithm = "ln"): number {
  let sum = 0;
  for (let at = 0; at < p.length; at += 1) sum += psiTerm(p[at] as number, q[at] ?? 0);
  return sum / unitOf(log);
}

function psiTerm(share: number, other: number): number {
  return share === other ? 0 : (share - other) * Math.log(share / other);
}

/** Kullback–Leibler divergence Σ p log(p / q); infinite where q has nothing of what p has. */
export function klDivergence(p: readonly number[], q: readonly number[], log: Logarithm = "ln"): number {
  return Math.max(0, sumOver(p, q, relativeTerm)) / unitOf(log);
}

/** Jensen–Shannon divergence: in [0, 1] with base 2 and in [0, ln 2] with natural logarithms. */
export function jsDivergence(p: readonly number[], q: readonly number[], log: Logarithm = "log2"): number {
  // Halved outside the logarithm: the middle of the smallest share and nothing would round to nothing.
  const toMiddle = (share: number, both: number) => (share === 0 ? 0 : share * Math.log((2 * share) / both));
  const nats = sumOver(p, q, (one, other) => (toMiddle(one, one + other) + toMiddle(other, one + other)) / 2);
  return clamp(nats / unitOf(log), Math.LN2 / unitOf(log));
}

/** Greatest difference of shares, in [0, 1], and the first bucket that has it. */
export function lInfinity(p: readonly number[], q: readonly number[]): { value: number; bucket: number } {
  let value = 0;
  let bucket = 0;
  p.forEach((share, index) => {
    const difference = Math.abs(share - (q[index] ?? 0));
    if (difference > value) [value, bucket] = [difference, index];
  });
  return { value, bucket };
}

/** √(1 − Σ √(p q)), in [0, 1], computed as √(Σ (√p − √q)² / 2), which does not cancel. */
export function hellinger(p: readonly number[], q: readonly number[]): number {
  return clamp(Math.sqrt(sumOver(p, q, (one, other) => (Math.sqrt(one) - Math.sqrt(other)) ** 2) / 2), 1);
}

/** Σ |p − q| / 2, in [0, 1]. */
export function totalVariation(p: readonly number[], q: readonly number[]): number {
  return clamp(sumOver(p, q, (one, other) => Math.abs(one - other)) / 2, 1);
}

function sumOver(p: readonly number[], q: readonly number[], of: (one: number, other: number) => number): number {
  let sum = 0;
  for (let at = 0; at < p.length; at += 1) sum += of(p[at] as number, q[at] ?? 0);
  return sum;
}

/** p ln(p / q), with its limit 0 where p is 0. */
function relativeTerm(share: number, other: number): number {
  return share === 0 ? 0 : share * Math.log(share / other);
}

function unitOf(log: Logarithm): number {
  return log === "log2" ? Math.LN2 : 1;
}

/** Rounding may leave the last digit outside the metric's range. */
function clamp(value: number, greatest: number): number {
  return Math.min(greatest, Math.max(0, value));
}
