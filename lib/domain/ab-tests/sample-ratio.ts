import { chiSquareTail } from "../statistics/special-functions";

/** Below this the rows of the arms are not in the shares of the policy's buckets, and something is wrong with the data. */
export const SAMPLE_RATIO_ALPHA = 0.001;

export interface SampleRatio {
  /** Share of the rows that each arm should have, in the order of the arms. */
  expected: number[];
  found: number[];
  chiSquare: number;
  pValue: number;
  mismatch: boolean;
}

/**
 * Pearson's chi-square test of the arms' rows against the buckets that the policy gives them, with one degree of freedom less
 * than there are arms. Arms that lost rows, or got others', cannot be compared (Fabijan et al. 2019).
 */
export function checkSampleRatio(rows: readonly number[], buckets: readonly number[]): SampleRatio {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const allBuckets = buckets.reduce((sum, count) => sum + count, 0);
  const expected = buckets.map((count) => count / allBuckets);
  const chiSquare =
    total === 0
      ? 0
      : rows.reduce((sum, count, index) => {
          const wanted = total * (expected[index] as number);
          return sum + (count - wanted) ** 2 / wanted;
        }, 0);
  const pValue = chiSquareTail(chiSquare, rows.length - 1);
  return {
    expected,
    found: rows.map((count) => (total === 0 ? 0 : count / total)),
    chiSquare,
    pValue,
    mismatch: pValue < SAMPLE_RATIO_ALPHA,
  };
}

/** How many buckets the parts' ranges `[from, to)` hold. */
export function countBuckets(parts: Record<string, [number, number][]>, names: readonly string[]): number {
  return names.flatMap((name) => parts[name] ?? []).reduce((sum, [from, to]) => sum + (to - from), 0);
}
