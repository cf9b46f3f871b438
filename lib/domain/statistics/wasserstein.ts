import { momentsOf } from "./moments";

/**
 * Earth mover's distance of two samples, ∫ |F − G|, in the feature's unit. Shares of infinite values that differ make it
 * infinite; equal ones cancel. Neither side may be empty or hold NaN.
 */
export function wasserstein(reference: readonly number[], current: readonly number[]): number {
  const one = Float64Array.from(reference).sort();
  const other = Float64Array.from(current).sort();
  const [n, m] = [one.length, other.length];
  let distance = 0;
  let [i, j] = [0, 0];
  let last = 0;
  while (i < n || j < m) {
    const value = Math.min(one[i] ?? Infinity, other[j] ?? Infinity);
    const apart = Math.abs(i * m - j * n);
    if (apart > 0) distance += (apart / (n * m)) * (value - last);
    while (i < n && (one[i] as number) <= value) i += 1;
    while (j < m && (other[j] as number) <= value) j += 1;
    last = value;
  }
  return distance;
}

/** Below this, a reference counts as constant. */
const LEAST_NORM = 0.001;

/**
 * The distance in units of the reference's population standard deviation (of its finite values), at least 0.001: Evidently's
 * `wasserstein`. For a constant reference the number explodes, so `isConstant` says that the raw distance is the one to read.
 */
export function wassersteinNormed(
  reference: readonly number[],
  current: readonly number[],
): { value: number; raw: number; std: number; isConstant: boolean } {
  const raw = wasserstein(reference, current);
  const std = momentsOf(reference.filter(Number.isFinite))?.populationStd ?? 0;
  return { value: raw / Math.max(std, LEAST_NORM), raw, std, isConstant: std < LEAST_NORM };
}
