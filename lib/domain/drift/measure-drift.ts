import * as distances from "./distances";
import { type DriftFigure, type DriftMetric, figureOf, isProbability } from "./drift-metrics";
import { countMissing, type DriftSide, presentOf } from "./drift-side";
import { assertSameBuckets, type Histogram } from "./histogram";
import { areaBetween, pointsOf } from "./metrics/binned-distribution";
import { type BinnedTest, chiSquareOfBuckets, kolmogorovSmirnovOnEdges } from "./metrics/binned-tests";
import { normalizedAbsDifference } from "./metrics/count-distances";

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
export function measureDrift({ metric, reference, current, minRows = 30 }: MeasureQuestion): DriftMeasure {
  assertSameBuckets(reference.histogram, current.histogram);
  const [before, now] = [countMissing(reference.histogram), countMissing(current.histogram)];
  const values: [number, number] = [before.rows - before.missing, now.rows - now.missing];
  const figure = figureOf(metric, reference.histogram.kind, Math.min(...values));
  const share = (side: typeof before) => (side.rows === 0 ? 0 : side.missing / side.rows);
  const base = {
    metric,
    figure,
    test: null,
    rows: [before.rows, now.rows] as [number, number],
    values,
    missing: [share(before), share(now)] as [number, number],
    hasNaN: before.nan + now.nan > 0,
    // A side without rows has no distribution, whatever minimum was asked for.
    least: Math.max(1, minRows),
  };
  const lacking = (lack: DriftMeasure["lack"]): DriftMeasure => ({ ...base, score: null, lack });
  if (Math.min(before.rows, now.rows) < base.least) return lacking("rows");
  if (figure === "missing_rate") return { ...base, score: Math.abs(base.missing[1] - base.missing[0]), lack: null };
  if (values[0] === 0 && values[1] === 0) return { ...base, score: isProbability(figure) ? 1 : 0, lack: null };
  if (Math.min(...values) === 0) return lacking("one side has no values");
  if (Math.min(...values) < base.least) return lacking("values");
  if (figure === "psi")
    return { ...base, score: psiOfValues(reference.histogram, current.histogram, values), lack: null };
  const present = (side: DriftSide): DriftSide => ({ ...side, histogram: presentOf(side.histogram) });
  const found = scoreOf(figure, present(reference), present(current));
  if (found === null) return lacking("order");
  if (typeof found === "number") return { ...base, score: found, lack: null };
  const test = { statistic: found.statistic, pValue: found.pValue };
  return { ...base, test, score: isProbability(figure) ? found.pValue : found.effect, lack: null };
}

/** What is added to every share, so that a bucket that is empty on one side has a logarithm. */
const EPSILON = 1e-6;

/**
 * `distances.psi` of the values that are there, with open ends, in one pass and without a copy: this is what a heat map of ten
 * thousand features is made of.
 */
function psiOfValues(reference: Histogram, current: Histogram, [n, m]: readonly [number, number]): number {
  const [one, other] = [reference.counts, current.counts];
  const [low, high, otherLow, otherHigh] = [
    outside(reference, 0),
    outside(reference, 1),
    outside(current, 0),
    outside(current, 1),
  ];
  const isOpen = reference.kind === "numeric" && one.length > 1;
  const last = one.length - 1;
  const before = (at: number) => (one[at] as number) + (isOpen ? (at === 0 ? low : 0) + (at === last ? high : 0) : 0);
  const now = (at: number) =>
    (other[at] as number) + (isOpen ? (at === 0 ? otherLow : 0) + (at === last ? otherHigh : 0) : 0);
  let used = 0;
  for (let at = 0; at <= last; at += 1) if (before(at) > 0 || now(at) > 0) used += 1;
  if (!isOpen) used += Number(low + otherLow > 0) + Number(high + otherHigh > 0);
  const scale = 1 + used * EPSILON;
  const term = (count: number, otherCount: number) => {
    if (count === 0 && otherCount === 0) return 0;
    const [p, q] = [(count / n + EPSILON) / scale, (otherCount / m + EPSILON) / scale];
    return p === q ? 0 : (p - q) * Math.log(p / q);
  };
  let sum = isOpen ? 0 : term(low, otherLow) + term(high, otherHigh);
  for (let at = 0; at <= last; at += 1) sum += term(before(at), now(at));
  return sum;
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
