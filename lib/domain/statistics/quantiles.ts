/**
 * Quantile of type 7 (Hyndman and Fan 1996; NumPy's, R's and DuckDB's `quantile_cont`): linear between the order statistics
 * around (n − 1) p. `sorted` is ascending and finite; null when it is empty.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)] as number;
  const high = sorted[Math.ceil(position)] as number;
  const fraction = position - Math.floor(position);
  const width = high - low;
  return Number.isFinite(width) ? low + fraction * width : low * (1 - fraction) + high * fraction;
}

const DECILES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Minimum, nine deciles and maximum; empty for no values. */
export function deciles(sorted: ArrayLike<number>): number[] {
  return DECILES.map((p) => quantile(sorted, p)).filter((value) => value !== null);
}
