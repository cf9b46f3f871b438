import { areaBetween, energyDistance, pointsOf } from "../statistics/binned-distribution";
import { type BinnedTest, chiSquareOfBuckets, kolmogorovSmirnovOnEdges } from "../statistics/binned-tests";
import { normalizedAbsDifference } from "../statistics/count-distances";
import { sharesOf } from "../statistics/empty-buckets";
import { assertSameBuckets, type Histogram } from "../statistics/histogram";
import * as between from "../statistics/share-distances";
import type { DriftMetric } from "../definitions/drift-metric";
import { type DriftFigure, figureOf, hasUnit, isProbability } from "./drift-metrics";
import { countMissing, type DriftSide, type MissingCounts, presentOf } from "./drift-side";
import { LEAST_ROWS } from "./first-window";
import { type MetricOptions, optionsFor } from "./metric-options";

export interface MeasureQuestion {
  metric: DriftMetric;
  reference: DriftSide;
  current: DriftSide;
  /** Rows that each side must have, missing values included, and values that it must have for a distribution; default 30. */
  minRows?: number;
  /** Other than the defaults of docs/drift.md. */
  options?: Partial<MetricOptions>;
}

/** Numbers without a judgement. By default never NaN and never infinite. */
export interface DriftMeasure {
  metric: DriftMetric;
  figure: DriftFigure;
  /** Null where there is nothing to compare; `lack` says why. */
  score: number | null;
  lack: "rows" | "values" | "one side has no values" | "order" | null;
  /** Of a test: its own statistic, and the probability before any correction. */
  test: { statistic: number; pValue: number; df?: number } | null;
  /** What one standard deviation of the reference is in the figure's unit; 1 for figures without a unit. */
  scale: number;
  rows: [number, number];
  /** Values that are there on each side. */
  values: [number, number];
  /** Share of each side's rows without a value; NaN counts as none. */
  missing: [number, number];
  hasNaN: boolean;
  least: number;
}

/**
 * How far the current side is from the reference: over the values that are there, and apart from that how many are missing.
 * Throws `invalid` when the two were counted by different buckets.
 */
export function measureDrift({
  metric,
  reference,
  current,
  minRows = LEAST_ROWS,
  options,
}: MeasureQuestion): DriftMeasure {
  assertSameBuckets(reference.histogram, current.histogram);
  const [before, now] = [countMissing(reference.histogram), countMissing(current.histogram)];
  const values: [number, number] = [before.rows - before.missing, now.rows - now.missing];
  const figure = figureOf(metric, reference.histogram.kind, Math.min(...values));
  const measure: DriftMeasure = {
    metric,
    figure,
    score: null,
    lack: null,
    test: null,
    scale: scaleOf(figure, reference),
    rows: [before.rows, now.rows],
    values,
    missing: [missingShare(before), missingShare(now)],
    hasNaN: before.nan + now.nan > 0,
    least: Math.max(1, minRows),
  };
  const fewest = Math.min(values[0], values[1]);
  // Without rows there is no distribution, whatever minimum was asked for.
  if (Math.min(before.rows, now.rows) < minRows || before.rows === 0 || now.rows === 0) measure.lack = "rows";
  else if (figure === "missing_rate") measure.score = Math.abs(measure.missing[1] - measure.missing[0]);
  else if (values[0] === 0 && values[1] === 0) measure.score = isProbability(figure) ? 1 : 0;
  else if (fewest === 0) measure.lack = "one side has no values";
  else if (fewest < minRows) measure.lack = "values";
  else {
    const found = scoreOf(figure, reference, current, optionsFor(figure, options));
    if (found === null) measure.lack = "order";
    else if (typeof found === "number") measure.score = found;
    else {
      const { statistic, pValue, df } = found;
      measure.test = { statistic, pValue, ...(df !== undefined && { df }) };
      measure.score = isProbability(figure) ? found.pValue : found.effect;
    }
  }
  return measure;
}

function missingShare({ rows, missing }: MissingCounts): number {
  return rows === 0 ? 0 : missing / rows;
}

function scoreOf(
  figure: DriftFigure,
  reference: DriftSide,
  current: DriftSide,
  options: MetricOptions,
): number | BinnedTest | null {
  switch (figure) {
    case "wasserstein":
    case "normed_wasserstein":
    case "energy_distance":
      return distanceOfPoints(figure, reference, current);
    case "ks":
    case "ks_p":
      return kolmogorovSmirnovOnEdges(reference.histogram, current.histogram, options.pValue);
  }
  const one = comparedCounts(figure, reference.histogram);
  const other = comparedCounts(figure, current.histogram);
  switch (figure) {
    case "count_difference":
      return normalizedAbsDifference(one, other);
    case "chi_square":
    case "chi_square_p":
      return chiSquareOfBuckets(one, other, options);
  }
  const { p, q } = sharesOf(one, other, options.fill);
  switch (figure) {
    case "psi":
      return between.psi(p, q, options.log);
    case "kl_divergence":
      return options.direction === "reference_to_current"
        ? between.klDivergence(p, q, options.log)
        : between.klDivergence(q, p, options.log);
    case "js_divergence":
      return between.jsDivergence(p, q, options.log);
    case "js_distance":
      return Math.sqrt(between.jsDivergence(p, q, options.log));
    case "hellinger":
      return between.hellinger(p, q);
    case "total_variation":
      return between.totalVariation(p, q);
    case "l_infinity":
      return between.lInfinity(p, q).value;
    case "missing_rate":
      // Judged before any distribution is.
      return null;
  }
}

/** Figures with the logarithm of a share, which a bucket that is empty on one side would decide. */
export const hasOpenEnds = (figure: DriftFigure): boolean => figure === "psi" || figure === "kl_divergence";

/**
 * Rows by bucket as the figure compares them, without missing values: outer buckets in the open, or what lies outside in
 * buckets of its own (below, …, above; or the values, and unseen ones).
 */
export function comparedCounts(figure: DriftFigure, histogram: Histogram): number[] {
  const { counts } = histogram;
  if (histogram.kind === "categorical") {
    const own = counts.slice();
    own.push(histogram.other);
    return own;
  }
  const { underflow, overflow } = histogram;
  const isOpen = hasOpenEnds(figure) && counts.length > 1;
  const compared = [isOpen ? 0 : underflow];
  for (let at = 0; at < counts.length; at += 1) compared.push(counts[at] as number);
  compared.push(isOpen ? 0 : overflow);
  if (isOpen) {
    compared[1] = (compared[1] as number) + underflow;
    compared[counts.length] = (compared[counts.length] as number) + overflow;
  }
  return compared;
}

/** Below this, a reference counts as constant. */
export const LEAST_STD = 0.001;

/**
 * Distances of distribution functions. The values of a bucket are taken to lie evenly in it. No Wasserstein distance is less
 * than that of the means, which are known exactly. The normed one is in units of the reference's population standard deviation.
 */
function distanceOfPoints(
  figure: "wasserstein" | "normed_wasserstein" | "energy_distance",
  reference: DriftSide,
  current: DriftSide,
): number | null {
  const [before, now] = [reference, current].map(({ histogram, equalWidth, stats }) =>
    pointsOf(presentOf(histogram), equalWidth ?? null, stats ?? {}),
  );
  if (!before || !now) return null;
  if (figure === "energy_distance") return finite(energyDistance(before, now));
  const [mean, other] = [reference.stats?.mean, current.stats?.mean];
  const means = typeof mean === "number" && typeof other === "number" ? Math.abs(mean - other) : 0;
  const distance = Math.max(areaBetween(before, now), means);
  if (figure === "wasserstein") return finite(distance);
  const std = reference.stats?.populationStd;
  return typeof std === "number" ? finite(distance / Math.max(std, LEAST_STD)) : null;
}

function finite(distance: number): number {
  return Number.isFinite(distance) ? distance : Number.MAX_VALUE;
}

/** One standard deviation of the reference, at least 0.001, in the figure's unit. */
function scaleOf(figure: DriftFigure, { stats }: DriftSide): number {
  if (!hasUnit(figure)) return 1;
  const std = Math.max(stats?.populationStd ?? 0, LEAST_STD);
  return figure === "energy_distance" ? Math.sqrt(std) : std;
}
