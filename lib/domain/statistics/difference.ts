import { normalTwoSidedTail } from "./special-functions";
import { normalCritical, studentCritical, studentTwoSidedTail } from "./student-t";
import type { FigureKind, MeasuredFigure } from "./interval-of";
import { type Interval, wilson } from "./wilson";

/** How much one arm's metric is above another's. */
export interface Difference {
  /** Second arm minus first. */
  value: number;
  interval: Interval;
  /** The least alpha at which the interval leaves zero out. */
  pValue: number;
}

/**
 * Difference of two arms' metrics with its confidence interval at 1 − alpha; null when an arm's rows tell no variance. The arms
 * have different rows, so that their figures are independent.
 * - mean: Welch's interval (Welch 1947) d ± t(1 − α/2; ν) √(s₁²/n₁ + s₂²/n₂), Satterthwaite's degrees of freedom
 *   ν = (v₁ + v₂)² / (v₁²/(n₁ − 1) + v₂²/(n₂ − 1)) with vᵢ = sᵢ²/nᵢ.
 * - share: Newcombe's hybrid of Wilson's intervals (Newcombe 1998, method 10): d − √((p₂ − l₂)² + (u₁ − p₁)²) to
 *   d + √((u₂ − p₂)² + (p₁ − l₁)²).
 * - area: d ± z √(v₁ + v₂) with DeLong's variances.
 */
export function differenceOf(
  first: MeasuredFigure,
  second: MeasuredFigure,
  kind: FigureKind,
  alpha: number,
): Difference | null {
  if (kind === "share") return first.n < 1 || second.n < 1 ? null : newcombe(first, second, alpha);
  if (first.variance === null || second.variance === null || first.n < 2 || second.n < 2) return null;
  const value = second.value - first.value;
  const [v1, v2, df] =
    kind === "area"
      ? [first.variance, second.variance, Infinity]
      : welch(first.variance / first.n, second.variance / second.n, first.n, second.n);
  const error = Math.sqrt(v1 + v2);
  // Rows that are all alike: nothing is uncertain.
  if (error === 0) return { value, interval: { low: value, high: value }, pValue: value === 0 ? 1 : 0 };
  const half = studentCritical(alpha, df) * error;
  return {
    value,
    interval: { low: value - half, high: value + half },
    pValue: studentTwoSidedTail(value / error, df),
  };
}

function welch(v1: number, v2: number, n1: number, n2: number): [v1: number, v2: number, df: number] {
  return [v1, v2, (v1 + v2) ** 2 / (v1 ** 2 / (n1 - 1) + v2 ** 2 / (n2 - 1))];
}

function newcombe(first: MeasuredFigure, second: MeasuredFigure, alpha: number): Difference {
  const value = second.value - first.value;
  const at = (z: number): Interval => {
    const one = wilson(first.value, first.n, z);
    const two = wilson(second.value, second.n, z);
    return {
      low: value - Math.hypot(second.value - two.low, one.high - first.value),
      high: value + Math.hypot(two.high - second.value, first.value - one.low),
    };
  };
  return { value, interval: at(normalCritical(alpha)), pValue: leastAlpha(at, value) };
}

/** The tail of the widest z whose interval leaves zero out, by bisection: intervals grow with z. */
function leastAlpha(at: (z: number) => Interval, value: number): number {
  if (value === 0) return 1;
  const excludesZero = (z: number) => (value > 0 ? at(z).low > 0 : at(z).high < 0);
  let low = 0;
  let high = 40;
  if (excludesZero(high)) return 0;
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (excludesZero(middle)) low = middle;
    else high = middle;
  }
  return normalTwoSidedTail(low);
}
