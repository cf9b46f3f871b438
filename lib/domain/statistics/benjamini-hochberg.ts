/**
 * p-values corrected for being many (Benjamini and Hochberg 1995), in the order given: a feature whose corrected value is
 * below α belongs to a selection of which at most a share α is false. Nulls, features without a test, stay null and do not count.
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const ranked = pValues
    .map((p, index) => ({ p, index }))
    .filter((entry): entry is { p: number; index: number } => entry.p !== null)
    .sort((one, other) => one.p - other.p);
  const corrected: (number | null)[] = pValues.map(() => null);
  let least = 1;
  for (let rank = ranked.length; rank > 0; rank -= 1) {
    const { p, index } = ranked[rank - 1] as { p: number; index: number };
    least = Math.min(least, p * (ranked.length / rank));
    corrected[index] = least;
  }
  return corrected;
}
