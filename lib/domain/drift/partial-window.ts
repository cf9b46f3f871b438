/** Share of the median window's rows below which a window at either end of a series has only begun, or was begun late. */
const PARTIAL_SHARE = 0.5;
/** Fewer windows tell no usual number of rows. */
const LEAST_WINDOWS = 3;

/**
 * For each window of a series by time, whether data cover only a part of it, as one day of a month: only the first and the last
 * can be, and then they have fewer than half of the rows that windows usually have. Such a window is no sample of its season, so
 * it is shown and never called the worst.
 */
export function arePartial(rows: readonly number[]): boolean[] {
  if (rows.length < LEAST_WINDOWS) return rows.map(() => false);
  const sorted = rows.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  return rows.map((count, at) => (at === 0 || at === rows.length - 1) && count < PARTIAL_SHARE * median);
}

/** Verdicts on windows of several features, each with whether data cover only a part of its window. */
export function markPartial<Verdict extends { feature: string; from: string; rows: number }>(
  verdicts: readonly Verdict[],
): (Verdict & { isPartial: boolean })[] {
  const byFeature = new Map<string, Verdict[]>();
  for (const verdict of verdicts) byFeature.set(verdict.feature, [...(byFeature.get(verdict.feature) ?? []), verdict]);
  const partial = new Set<Verdict>();
  for (const series of byFeature.values()) {
    const byTime = series.toSorted((one, other) => (one.from < other.from ? -1 : 1));
    arePartial(byTime.map(({ rows }) => rows)).forEach(
      (isPartial, at) => isPartial && partial.add(byTime[at] as Verdict),
    );
  }
  return verdicts.map((verdict) => ({ ...verdict, isPartial: partial.has(verdict) }));
}
