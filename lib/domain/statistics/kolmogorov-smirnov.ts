import { kolmogorovLimitTail, kolmogorovTail } from "./kolmogorov-distribution";

export interface KolmogorovSmirnov {
  /** Greatest difference of the two distribution functions, in [0, 1]. */
  statistic: number;
  /** The statistic times n m, a whole number: what the exact probability compares, without rounding. */
  scaled: number;
  n: number;
  m: number;
}

/**
 * Two-sample statistic of counts of the same buckets in ascending order: of samples when each different value is a bucket, and
 * otherwise at least so large, as between edges the gap may be greater. Both sides must have rows.
 */
export function kolmogorovSmirnov(reference: readonly number[], current: readonly number[]): KolmogorovSmirnov {
  const [n, m] = [totalOf(reference), totalOf(current)];
  let [below, belowOther, scaled] = [0, 0, 0];
  for (let at = 0; at < reference.length; at += 1) {
    below += reference[at] as number;
    belowOther += current[at] ?? 0;
    scaled = Math.max(scaled, Math.abs(below * m - belowOther * n));
  }
  return { statistic: scaled / (n * m), scaled, n, m };
}

function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Exact P(D ≥ statistic) for samples of these sizes without ties: the share of the C(n + m, n) lattice paths that leave the
 * band |i m − j n| < scaled (Hodges 1957; Schröer and Trenkler 1995). The share is carried from point to point, so tiny
 * probabilities keep their digits. Takes a step for each point of the band, at most n m. With ties it errs to the large
 * side, as SciPy does.
 */
export function exactTail({ scaled, n, m }: KolmogorovSmirnov): number {
  if (scaled === 0) return 1;
  const outside = new Float64Array(m + 1).fill(1);
  for (let i = 0; i <= n; i += 1) {
    const first = Math.max(0, Math.floor((i * m - scaled) / n) + 1);
    const last = Math.min(m, Math.ceil((i * m + scaled) / n) - 1);
    if (first > 0) outside[first - 1] = 1;
    for (let j = first; j <= last; j += 1) {
      const fromBelow = j === 0 ? 0 : j * (outside[j - 1] as number);
      outside[j] = i + j === 0 ? 0 : (i * (outside[j] as number) + fromBelow) / (i + j);
    }
  }
  return Math.min(1, outside[m] as number);
}

/** The same as a reduced fraction such as "2/11". Meant for a few dozen values: its digits grow with their number. */
export function exactTailFraction({ scaled, n, m }: KolmogorovSmirnov): string {
  const inside: bigint[] = [];
  const all: bigint[] = [];
  for (let i = 0; i <= n; i += 1) {
    for (let j = 0; j <= m; j += 1) {
      const isStart = i === 0 && j === 0;
      const paths = (from: readonly bigint[]) =>
        isStart ? 1n : (i > 0 ? (from[j] ?? 0n) : 0n) + (j > 0 ? (from[j - 1] ?? 0n) : 0n);
      [all[j], inside[j]] = [paths(all), Math.abs(i * m - j * n) >= scaled ? 0n : paths(inside)];
    }
  }
  const total = all[m] ?? 1n;
  const outside = total - (inside[m] ?? 0n);
  const divisor = greatestCommonDivisor(outside, total);
  return `${outside / divisor}/${total / divisor}`;
}

function greatestCommonDivisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : greatestCommonDivisor(other, one % other);
}

/** P(D ≥ statistic) in the limit of large samples: Kolmogorov's Q(√(n m / (n + m)) D). */
export function limitTail({ statistic, n, m }: KolmogorovSmirnov): number {
  return kolmogorovLimitTail(Math.sqrt((n * m) / (n + m)) * statistic);
}

/** SciPy's asymptotic branch: the one-sample distribution over round(n m / (n + m)) values. */
export function oneSampleTail({ statistic, n, m }: KolmogorovSmirnov): { tail: number; size: number } {
  const size = roundHalfToEven((n * m) / (n + m));
  return { tail: kolmogorovTail(statistic, size), size };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}
