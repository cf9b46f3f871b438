/**
 * What becomes of a bucket that is empty on one side, whose logarithm would be infinite:
 * - `add` (Hopsworks): epsilon is added to every share, then shares are normalised again;
 * - `floor` (deepchecks): shares below epsilon become epsilon;
 * - `replace` (evidently): zeros become epsilon, or a millionth of the smallest other share where that is not above epsilon.
 */
export type EmptyBuckets = "add" | "floor" | "replace";

/** `used` says which buckets hold something on either side: only these are raised by `add`, so that the score does not depend on how many others there are. */
export function fillEmptyBuckets(
  shares: readonly number[],
  used: readonly boolean[],
  fill: { emptyBuckets: EmptyBuckets; epsilon: number },
): number[] {
  return FILLS[fill.emptyBuckets](shares, used, fill.epsilon);
}

type Fill = (shares: readonly number[], used: readonly boolean[], epsilon: number) => number[];

const FILLS: Record<EmptyBuckets, Fill> = {
  add: (shares, used, epsilon) => toShares(shares.map((share, index) => (used[index] ? share + epsilon : 0))),
  floor: (shares, _, epsilon) => shares.map((share) => Math.max(share, epsilon)),
  replace(shares, _, epsilon) {
    const smallest = shares.reduce((least, share) => (share > 0 && share < least ? share : least), Infinity);
    const substitute = smallest > epsilon ? epsilon : smallest / 1e6;
    return shares.map((share) => (share === 0 ? substitute : share));
  },
};

/** Counts or weights as shares of their sum; all zero when there are none. */
export function toShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}
