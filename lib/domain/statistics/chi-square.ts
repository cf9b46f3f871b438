import { chiSquareTail } from "./special-functions";

export interface ChiSquare {
  /** Infinite where something was seen that could not be expected. */
  statistic: number;
  df: number;
  pValue: number;
}

/**
 * Pearson's goodness of fit, Σ (O − E)² / E, of the current counts to the reference's, scaled to the same number of rows
 * (Evidently's `chisquare`). Categories that neither side has are no category. A category that only the current side has
 * has nothing expected: the statistic is infinite and p is 0. The reference must have rows.
 */
export function goodnessOfFit(reference: readonly number[], current: readonly number[]): ChiSquare {
  const scale = total(current) / total(reference);
  const used = reference.map((count, index) => [count * scale, current[index] ?? 0] as const).filter(isUsed);
  const statistic = used.reduce((sum, [expected, observed]) => sum + (observed - expected) ** 2 / expected, 0);
  return withTail(statistic, used.length - 1);
}

/**
 * Pearson's test of independence on the table of side by category, with Yates' correction where asked for (SciPy's
 * `chi2_contingency` asks for it whenever there is one degree of freedom). Both sides must have rows.
 */
export function contingency(
  reference: readonly number[],
  current: readonly number[],
  { yates }: { yates: boolean },
): ChiSquare {
  const [rows, otherRows] = [total(reference), total(current)];
  const used = reference.map((count, index) => [count, current[index] ?? 0] as const).filter(isUsed);
  const statistic = used.reduce((sum, [before, now]) => {
    const share = (before + now) / (rows + otherRows);
    return sum + deviation(before, share * rows, yates) + deviation(now, share * otherRows, yates);
  }, 0);
  return withTail(statistic, used.length - 1);
}

function deviation(observed: number, expected: number, yates: boolean): number {
  const difference = Math.abs(observed - expected);
  return (difference - (yates ? Math.min(0.5, difference) : 0)) ** 2 / expected;
}

function isUsed([one, other]: readonly [number, number]): boolean {
  return one > 0 || other > 0;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function withTail(statistic: number, df: number): ChiSquare {
  return { statistic, df, pValue: chiSquareTail(statistic, df) };
}
