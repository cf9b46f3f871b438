/** A difference of shares below this is the binary fraction's, not the author's. */
const TINY = 1e-9;

/**
 * How many rows of each class go to each part: the share of the class's rows, rounded down or up, and every row to exactly one part.
 * Which parts are rounded up is decided class by class by what they lack so far, so that the totals keep near their shares too.
 * @param sizes rows of each class
 * @param shares of the parts, which sum to 1
 * @returns class → rows of each part, in the order of `shares`
 */
export function shareRows(sizes: readonly number[], shares: readonly number[]): number[][] {
  /** Part → rows by which it is behind its share of the classes so far. */
  const behind = shares.map(() => 0);
  return sizes.map((size) => {
    const exact = shares.map((share) => share * size);
    const counts = exact.map((rows) => Math.floor(rows + TINY * Math.max(1, size)));
    exact.forEach((rows, part) => (behind[part] = (behind[part] ?? 0) + rows - (counts[part] ?? 0)));
    const open = exact
      .map((rows, part) => ({ part, rest: rows - (counts[part] ?? 0) }))
      .filter(({ rest }) => rest > TINY * Math.max(1, size))
      .sort((one, other) => (behind[other.part] ?? 0) - (behind[one.part] ?? 0) || one.part - other.part);
    const left = size - counts.reduce((sum, rows) => sum + rows, 0);
    for (const { part } of open.slice(0, left)) {
      counts[part] = (counts[part] ?? 0) + 1;
      behind[part] = (behind[part] ?? 0) - 1;
    }
    return counts;
  });
}
