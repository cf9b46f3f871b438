/**
 * −Σ p ln p / ln buckets, in [0, 1]: 1 when every bucket holds the same, 0 when one bucket holds everything or there is only
 * one (Facets sorts by it as "non-uniformity"). Null without rows.
 */
export function normalisedEntropy(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  if (counts.length === 1) return 0;
  const entropy = counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log(count / total)),
    0,
  );
  return Math.min(1, Math.max(0, entropy / Math.log(counts.length)));
}
