import * as distances from "../statistics/distances";
import { type DriftFigure, type DriftMetric, figureOf, isProbability } from "./drift-metrics";
import { countMissing, type DriftSide, type MissingCounts, presentOf } from "./drift-side";
import { LEAST_ROWS } from "./first-window";
import { assertSameBuckets, type Histogram } from "../statistics/histogram";
import { areaBetween, pointsOf } from "../statistics/binned-distribution";
import { type BinnedTest, chiSquareOfBuckets, kolmogorovSmirnovOnEdges } from "../statistics/binned-tests";
import { normalizedAbsDifference } from "../statistics/count-distances";

export interface MeasureQuestion {
  metric: DriftMetric;
  reference: DriftSide;
  current: DriftSide;
  /** Rows that each side must have, missing values included, and values that it must have for a distribution; default 30. */
  minRows?: number;
}

/** Numbers without a judgement. */
export interface DriftMeasure {
  metric: DriftMetric;
  figure: DriftFigure;
  /** Null where there is nothing to compare; `lack` says why. Never NaN, never infinite. */
  score: number | null;
  lack: "rows" | "values" | "one side has no values" | "order" | null;
  /** Of a test: its own statistic, and the probability before any correction. */
  test: { statistic: number; pValue: number } | null;
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
export function measureDrift({ metric, reference, current, minRows = LEAST_ROWS }: MeasureQuestion): DriftMeasure {
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
    rows: [before.rows, now.rows],
    values,
    missing: [missingShare(before), missingShare(now)],
    hasNaN: before.nan + now.nan > 0,
    // A side without rows has no distribution, whatever minimum was asked for.
    least: Math.max(1, minRows),
  };
  const fewest = Math.min(values[0], values[1]);
  if (Math.min(before.rows, now.rows) < measure.least) measure.lack = "rows";
  else if (figure === "missing_rate") measure.score = Math.abs(measure.missing[1] - measure.missing[0]);
  else if (values[0] === 0 && values[1] === 0) measure.score = isProbability(figure) ? 1 : 0;
  else if (fewest === 0) measure.lack = "one side has no values";
  else if (fewest < measure.least) measure.lack = "values";
  else if (figure === "psi") measure.score = psiOfValues(reference.histogram, current.histogram, values);
  else {
    const found = scoreOf(figure, presentSide(reference), presentSide(current));
    if (found === null) measure.lack = "order";
    else if (typeof found === "number") measure.score = found;
    else {
      measure.test = { statistic: found.statistic, pValue: found.pValue };
      measure.score = isProbability(figure) ? found.pValue : found.effect;
    }
  }
  return measure;
}

function missingShare({ rows, missing }: MissingCounts): number {
  return rows === 0 ? 0 : missing / rows;
}

function presentSide(side: DriftSide): DriftSide {
  return { ...side, histogram: presentOf(side.histogram) };
}

/** What is added to every share, so that a bucket that is empty on one side has a logarithm. */
const EPSILON = 1e-6;

/** `distances.psi` of the values that are there, with open ends, in one pass: what a heat map of ten thousand features is made of. */
function psiOfValues(reference: Histogram, current: Histogram, [n, m]: readonly [number, number]): number {
  const one = openCounts(reference);
  const other = openCounts(current);
  let used = 0;
  for (let at = 0; at < one.length; at += 1) if ((one[at] as number) > 0 || (other[at] as number) > 0) used += 1;
  const scale = 1 + used * EPSILON;
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) {
    const count = one[at] as number;
    const otherCount = other[at] as number;
    if (count === 0 && otherCount === 0) continue;
    const p = (count / n + EPSILON) / scale;
    const q = (otherCount / m + EPSILON) / scale;
    if (p !== q) sum += (p - q) * Math.log(p / q);
  }
  return sum;
}

/** Counts of the values that are there, with open ends where there are ends to open; else what is outside has buckets of its own. */
function openCounts(histogram: Histogram): number[] {
  const counts = histogram.counts.slice();
  const low = outside(histogram, 0);
  const high = outside(histogram, 1);
  if (histogram.kind === "numeric" && counts.length > 1) {
    counts[0] = (counts[0] as number) + low;
    counts[counts.length - 1] = (counts[counts.length - 1] as number) + high;
  } else counts.push(low, high);
  return counts;
}

/** Values in no listed bucket: below and above the edges, or unseen. */
function outside(histogram: Histogram, side: 0 | 1): number {
  if (histogram.kind === "categorical") return side === 0 ? 0 : histogram.other;
  return side === 0 ? histogram.underflow : histogram.overflow;
}

function scoreOf(figure: DriftFigure, reference: DriftSide, current: DriftSide): number | BinnedTest | null {
  const [one, other] = [reference.histogram, current.histogram];
  switch (figure) {
    case "js_distance":
      return distances.jsDistance(one, other);
    case "l_infinity":
      return distances.lInfinity(one, other).value;
    case "hellinger":
      return distances.hellinger(one, other);
    case "total_variation":
      return distances.totalVariation(one, other);
    case "normed_wasserstein":
      return normedWasserstein(reference, current);
    case "count_difference":
      return normalizedAbsDifference(valueCounts(one), valueCounts(other));
    case "chi_square":
    case "chi_square_p":
      return chiSquareOfBuckets(valueCounts(one), valueCounts(other));
    default:
      return kolmogorovSmirnovOnEdges(one, other);
  }
}

/**
 * Ten quantile buckets of the reference end in the open: what lies outside belongs to the outer ones, or a few values beyond
 * the reference's range would be a bucket that was empty. A constant has one bucket only, and keeps what is outside apart.
 */
export function openEnds(histogram: Histogram): Histogram {
  if (histogram.kind === "categorical" || histogram.counts.length < 2) return histogram;
  const { underflow, overflow } = histogram;
  if (underflow === 0 && overflow === 0) return histogram;
  const counts = [...histogram.counts];
  counts[0] = (counts[0] as number) + underflow;
  counts[counts.length - 1] = (counts.at(-1) as number) + overflow;
  return { ...histogram, counts, underflow: 0, overflow: 0 };
}

/** Below this, a reference counts as constant. */
const LEAST_NORM = 0.001;

/**
 * Earth mover's distance in units of the reference's population standard deviation, at least 0.001. The values of a bucket
 * are taken to lie evenly in it. No distance is less than that of the means, which are known exactly.
 */
function normedWasserstein(reference: DriftSide, current: DriftSide): number | null {
  const [before, now] = [reference, current].map(({ histogram, equalWidth, stats }) =>
    pointsOf(histogram, equalWidth ?? null, stats ?? {}),
  );
  if (!before || !now) return null;
  const [mean, other] = [reference.stats?.mean, current.stats?.mean];
  const means = typeof mean === "number" && typeof other === "number" ? Math.abs(mean - other) : 0;
  const std = reference.stats?.populationStd;
  if (typeof std !== "number") return null;
  const distance = Math.max(areaBetween(before, now), means) / Math.max(std, LEAST_NORM);
  return Number.isFinite(distance) ? distance : Number.MAX_VALUE;
}

function valueCounts(histogram: Histogram): number[] {
  return histogram.kind === "categorical"
    ? [...histogram.counts, histogram.other]
    : [histogram.underflow, ...histogram.counts, histogram.overflow];
}
