import { fillEmptyBuckets, toShares, type EmptyBuckets } from "../../statistics/empty-buckets";
import { psiTerms } from "../../statistics/share-distances";
import type { Buckets } from "./buckets";

/** How buckets that are empty on one side are filled. */
export interface Fill {
  emptyBuckets: EmptyBuckets;
  epsilon: number;
}

export const EVIDENTLY_FILL: Fill = { emptyBuckets: "replace", epsilon: 1e-4 };

type Counted = Pick<Buckets, "reference" | "current">;

/** Shares of both sides; a bucket that is empty on both stays so, whatever the fill. */
export function sharesOf({ reference, current }: Counted, fill: Fill | null = null, renormalise = false) {
  const [p, q] = [toShares(reference), toShares(current)];
  if (!fill) return { p, q };
  const used = p.map((share, index) => share > 0 || (q[index] ?? 0) > 0);
  const filled = (shares: readonly number[]) => {
    const raised = fillEmptyBuckets(shares, used, fill).map((share, index) => (used[index] ? share : 0));
    return renormalise ? toShares(raised) : raised;
  };
  return { p: filled(p), q: filled(q) };
}

/** Population stability index with natural logarithms; infinite where nothing fills a bucket that is empty on one side. */
export function psi(counted: Counted, fill: Fill | null, renormalise = false): number {
  const { p, q } = sharesOf(counted, fill, renormalise);
  return psiTerms(p, q).reduce((sum, term) => sum + term, 0);
}
