import { normalCritical, studentCritical } from "./student-t";
import { type Interval, wilson } from "./wilson";

/** mean: of any values; share: of yes and no; area: between 0 and 1, with a variance of its own. */
export type FigureKind = "mean" | "share" | "area";

/** What is known of one metric on some rows. */
export interface MeasuredFigure {
  n: number;
  value: number;
  /**
   * Of a mean: the sample variance of one row's value (divisor n − 1). Of an area: the variance of the estimate itself.
   * Null when too few rows tell it.
   */
  variance: number | null;
}

/**
 * Confidence interval of a metric at 1 − alpha; null when its rows tell no variance.
 * - mean: m ± t(1 − α/2; n − 1) √(s²/n), Student's.
 * - share: Wilson's score interval (Wilson 1927), which keeps its coverage for rare outcomes and stays within 0 and 1.
 * - area: A ± z √v with DeLong's variance v, cut at 0 and 1.
 */
export function intervalOf(figure: MeasuredFigure, kind: FigureKind, alpha: number): Interval | null {
  const { n, value, variance } = figure;
  if (kind === "share") return n < 1 ? null : wilson(value, n, normalCritical(alpha));
  if (variance === null || n < 2) return null;
  if (kind === "area") {
    const half = normalCritical(alpha) * Math.sqrt(variance);
    return { low: Math.max(0, value - half), high: Math.min(1, value + half) };
  }
  const half = studentCritical(alpha, n - 1) * Math.sqrt(variance / n);
  return { low: value - half, high: value + half };
}
