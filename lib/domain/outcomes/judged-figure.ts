/** Metrics with what their rows tell of their uncertainty: intervals, and how far a slice of the rows is from all of them. */
import { differenceOf } from "../statistics/difference";
import { intervalOf, type MeasuredFigure } from "../statistics/interval-of";
import { normalCritical, studentCritical } from "../statistics/student-t";

/** Confidence of every interval: 95 %. */
export const ALPHA = 0.05;

/** Of fewer rows nobody can tell how far a slice is from the whole. */
const FEWEST_ROWS = 30;
/** The same of each class, where two are told apart. */
export const FEWEST_OF_A_CLASS = 10;

/** `root`: the square root of a mean, which is what `value` and `variance` are of. Means are of values that are not negative. */
export interface JudgedFigure extends MeasuredFigure {
  kind: "mean" | "share" | "area" | "root";
}

export type Ends = [low: number, high: number];

/** 95 % interval of a metric; null when its rows tell no variance. */
export function intervalOfFigure({ kind, ...figure }: JudgedFigure): Ends | null {
  const found = intervalOf(figure, kind === "root" ? "mean" : kind, ALPHA);
  if (!found) return null;
  const low = Math.max(0, found.low);
  return kind === "root" ? [Math.sqrt(low), Math.sqrt(found.high)] : [low, found.high];
}

export interface SliceDifference {
  /** Slice minus whole. */
  value: number;
  /** 95 % confidence interval; null where the slice, or what is left of the whole, has too few rows to tell. */
  interval: Ends | null;
}

/**
 * How far a slice's metric is from that of all rows, the slice among them. With n rows of which s are the slice's and r the rest:
 * - mean and share: the difference is r/n times that of slice and rest, whose rows are independent: Welch's or Newcombe's
 *   interval of that, times r/n.
 * - root: the delta method. One row moves the root of a mean m by (e² − m) / (2 √m) / n, so that with sample variances v of e² the
 *   difference has the variance vₛ/(4 mₛ s) + vₙ/(4 mₙ n) − vₛ/(2 √(mₛ mₙ) n).
 * - area: DeLong's components, which only the rows can tell: their variance is given.
 * @param areaVariance of the difference of two areas
 */
export function differenceFromWhole(
  slice: JudgedFigure,
  whole: JudgedFigure,
  areaVariance: number | null = null,
): SliceDifference {
  const read = ({ kind, value }: JudgedFigure) => (kind === "root" ? Math.sqrt(value) : value);
  const value = read(slice) - read(whole);
  const rest = whole.n - slice.n;
  if (slice.n < FEWEST_ROWS || rest < FEWEST_ROWS) return { value, interval: null };
  return { value, interval: endsOf(slice, whole, rest, value, areaVariance) };
}

function endsOf(
  slice: JudgedFigure,
  whole: JudgedFigure,
  rest: number,
  value: number,
  areaVariance: number | null,
): Ends | null {
  const around = (variance: number, critical: number): Ends => {
    const half = critical * Math.sqrt(Math.max(0, variance));
    return [value - half, value + half];
  };
  if (slice.kind === "area") return areaVariance === null ? null : around(areaVariance, normalCritical(ALPHA));
  if (slice.kind === "root") {
    const [mean, all] = [slice.value, whole.value];
    if (slice.variance === null || whole.variance === null || mean <= 0) return null;
    const variance =
      slice.variance / (4 * mean * slice.n) +
      whole.variance / (4 * all * whole.n) -
      slice.variance / (2 * Math.sqrt(mean * all) * whole.n);
    return around(variance, studentCritical(ALPHA, slice.n - 1));
  }
  const found = differenceOf(restOf(slice, whole, rest), slice, slice.kind, ALPHA);
  const share = rest / whole.n;
  return found && [found.interval.low * share, found.interval.high * share];
}

/** Figures of the rows that are not in the slice, from those of the slice and of all. */
function restOf(slice: MeasuredFigure, whole: MeasuredFigure, n: number): MeasuredFigure {
  const mean = (whole.n * whole.value - slice.n * slice.value) / n;
  if (slice.variance === null || whole.variance === null) return { n, value: mean, variance: null };
  const squares =
    (whole.n - 1) * whole.variance -
    (slice.n - 1) * slice.variance -
    slice.n * (slice.value - whole.value) ** 2 -
    n * (mean - whole.value) ** 2;
  return { n, value: mean, variance: Math.max(0, squares) / (n - 1) };
}
