/**
 * What becomes of a bucket that is empty on one side, whose logarithm would be infinite:
 * - `add` (Hopsworks): epsilon is added to every share;
 * - `floor` (deepchecks): shares below epsilon become epsilon;
 * - `replace` (Evidently): zeros become epsilon, or a millionth of the smallest other share where that is not above epsilon.
 */
export const EMPTY_BUCKETS = ["add", "floor", "replace"] as const;
type EmptyBuckets = (typeof EMPTY_BUCKETS)[number];

export interface Fill {
  emptyBuckets: EmptyBuckets;
  epsilon: number;
  /** Whether the filled shares are scaled to add up to 1 again. */
  renormalise: boolean;
}

/**
 * Counts or weights of the same buckets as shares of each side, filled. A bucket that is empty on both sides holds no evidence
 * and stays empty, so that no score depends on how many of them there are.
 */
export function sharesOf(
  reference: readonly number[],
  current: readonly number[],
  fill: Fill | null,
): { p: number[]; q: number[] } {
  return { p: filledShares(reference, current, fill), q: filledShares(current, reference, fill) };
}

/** Plain loops: a map of ten thousand features by thirty windows is made of these. */
function filledShares(counts: readonly number[], others: readonly number[], fill: Fill | null): number[] {
  const shares = toShares(counts);
  if (fill === null) return shares;
  const { emptyBuckets, epsilon, renormalise } = fill;
  const added = emptyBuckets === "add" ? epsilon : 0;
  const floor = emptyBuckets === "floor" ? epsilon : 0;
  const substitute = emptyBuckets === "replace" ? substituteFor(shares, epsilon) : 0;
  let total = 0;
  for (let at = 0; at < shares.length; at += 1) {
    const share = shares[at] as number;
    if (share === 0 && others[at] === 0) continue;
    const filled = share === 0 ? added + floor + substitute : Math.max(share + added, floor);
    shares[at] = filled;
    total += filled;
  }
  if (renormalise && total > 0)
    for (let at = 0; at < shares.length; at += 1) shares[at] = (shares[at] as number) / total;
  return shares;
}

function substituteFor(shares: readonly number[], epsilon: number): number {
  let smallest = Infinity;
  for (const share of shares) if (share > 0 && share < smallest) smallest = share;
  return smallest > epsilon ? epsilon : smallest / 1e6;
}

/** Counts or weights as shares of their sum; all zero when there are none. */
export function toShares(counts: readonly number[]): number[] {
  let total = 0;
  for (let at = 0; at < counts.length; at += 1) total += counts[at] as number;
  const scale = total === 0 ? 1 : total;
  const shares = new Array<number>(counts.length);
  for (let at = 0; at < counts.length; at += 1) shares[at] = (counts[at] as number) / scale;
  return shares;
}
