/** TFDV's normalised absolute difference: the greatest difference of counts over the rows of both sides, in [0, 1]; 0 without rows. */
export function normalizedAbsDifference(reference: readonly number[], current: readonly number[]): number {
  const rows = [...reference, ...current].reduce((sum, count) => sum + count, 0);
  if (rows === 0) return 0;
  return reference.reduce((most, count, index) => Math.max(most, Math.abs(count - (current[index] ?? 0))), 0) / rows;
}

/**
 * Facets' distance of two histograms, Σ (u/U − v/V)² / (u/U² + v/V²) over the buckets that hold something: a chi-square
 * statistic with each side's own variance. Infinite when exactly one side has no rows, 0 when neither has.
 */
export function facetsDistance(reference: readonly number[], current: readonly number[]): number {
  const [rows, otherRows] = [reference, current].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [
    number,
    number,
  ];
  if (rows === 0 || otherRows === 0) return rows === otherRows ? 0 : Infinity;
  return reference.reduce((sum, u, index) => {
    const v = current[index] ?? 0;
    if (u === 0 && v === 0) return sum;
    return sum + (u / rows - v / otherRows) ** 2 / (u / rows ** 2 + v / otherRows ** 2);
  }, 0);
}
