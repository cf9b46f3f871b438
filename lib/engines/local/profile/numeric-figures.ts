/** Figures and histograms of numbers, however they were counted. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { type CategoricalHistogram, edgesFromQuantiles } from "@/lib/domain/statistics/histogram";
import { CATEGORY_LIMIT } from "@/lib/domain/statistics/reference-values";
import { isoOfMicros } from "@/lib/domain/instant";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import { equalWidthEdges, numericHistogram } from "../histogram-edges";
import { referenceOf } from "../profile-targets";
import { type ColumnRequest, type Profile, type Shape, assemble } from "./column-request";

export const PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Milliseconds from 1970 to the last instant of a Date. */
const LAST_INSTANT = 8.64e15;

/** What a profile needs to know of one column over one target. */
export interface Figures {
  stats: ColumnStats;
  /** Finite values. */
  n: number;
  /** Ascending values at the deciles, least and greatest included; empty when nothing is finite. */
  deciles: number[];
}

export interface RawFigures {
  rows: number;
  missing: number;
  nan: number;
  inf: number;
  ninf: number;
  zeros: number;
  negative: number;
  distinct: number;
  distinctIsExact: boolean;
  /** Finite values. */
  n: number;
  min: number | string | null;
  max: number | string | null;
  /** A decimal string where a number would not be exact. */
  sum: number | string;
  mean: number;
  /** Of the population; NaN and infinities where it cannot be said. */
  std: number;
  /** NaN where there is none. */
  skew: number;
  /** At PROBABILITIES. */
  quantiles: number[];
  top: { value: string; count: number }[];
}

export function toFigures(shape: Shape, raw: RawFigures): Figures {
  const deciles =
    raw.n > 0 && raw.quantiles.length > 0
      ? [Number(raw.min), ...DECILES.map((p) => raw.quantiles[PROBABILITIES.indexOf(p)] ?? NaN), Number(raw.max)]
      : [];
  const stats: ColumnStats = {
    rows: raw.rows,
    missing: raw.missing,
    distinct: raw.distinct,
    distinctIsExact: raw.distinctIsExact,
  };
  if (shape === "instant") {
    if (raw.inf + raw.ninf > 0) Object.assign(stats, { positiveInfinity: raw.inf, negativeInfinity: raw.ninf });
    if (raw.n > 0) Object.assign(stats, { min: toInstant(raw.min), max: toInstant(raw.max) });
    return { stats, n: raw.n, deciles };
  }
  Object.assign(stats, {
    finite: raw.n,
    zeros: raw.zeros,
    negative: raw.negative,
    nan: raw.nan,
    positiveInfinity: raw.inf,
    negativeInfinity: raw.ninf,
  });
  if (raw.n > 0) {
    stats.min = raw.min ?? 0;
    stats.max = raw.max ?? 0;
    // Values near the largest double have a sum and a variance beyond it: what cannot be said is left out.
    if (typeof raw.sum === "string" || Number.isFinite(raw.sum)) stats.sum = raw.sum;
    if (Number.isFinite(raw.mean)) stats.mean = raw.mean;
    if (Number.isFinite(raw.std)) {
      stats.populationStd = raw.std;
      const sampleStd = raw.std * Math.sqrt(raw.n / (raw.n - 1));
      if (raw.n > 1 && Number.isFinite(sampleStd)) stats.sampleStd = sampleStd;
      if (Number.isFinite(raw.skew)) stats.skew = raw.skew;
    }
    stats.quantiles = Object.fromEntries(PROBABILITIES.map((p, i) => [String(p), raw.quantiles[i] ?? 0]));
  }
  if (raw.top.length > 0) stats.top = raw.top;
  return { stats, n: raw.n, deciles };
}

/** Databases know later instants than a Date does; the last one stands for those. */
function toInstant(ms: number | string | null): string {
  const bounded = Math.min(LAST_INSTANT, Math.max(-LAST_INSTANT, Number(ms)));
  return isoOfMicros(BigInt(Math.round(bounded * 1000)));
}

/** The target that fixes the edges of a column with these figures. */
export function referenceFigures({ targets }: ColumnRequest, figures: readonly Figures[]): Figures | undefined {
  return figures[referenceOf(targets, (target) => figures[target]?.n ?? 0)];
}

/** Values to count an integer column by: the reference profile's, else its own when they are few; null to count by edges. */
export function integerCategories(
  { type, given }: { type: ColumnType; given: ColumnRequest["given"] },
  reference: Figures | undefined,
  values: () => string[],
): string[] | null {
  if (type !== "bigint") return null;
  if (given.edges) return given.edges.kind === "categorical" ? given.edges.values : null;
  const distinct = reference?.stats.distinct ?? 0;
  if (distinct === 0 || distinct > CATEGORY_LIMIT) return null;
  return values().sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}

/** @param counts target → how often each of the values occurs there */
export function withCategories(
  request: ColumnRequest,
  values: string[],
  figures: readonly Figures[],
  counts: (target: number) => number[],
): Profile[] {
  return assemble(request, (target) => {
    const { stats } = figures[target] ?? { stats: { rows: 0, missing: 0 } };
    return { stats, histogram: toCategorical(values, counts(target), stats), equalWidth: null };
  });
}

export function toCategorical(
  values: string[],
  counts: number[],
  { rows, missing }: Pick<ColumnStats, "rows" | "missing">,
): CategoricalHistogram {
  const other = rows - missing - counts.reduce((sum, n) => sum + n, 0);
  return { kind: "categorical", values, counts, other, missing };
}

/** @param count by these edges: target, bucket as of `histogramBucket`, and values in it */
export async function withNumericHistograms(
  request: ColumnRequest,
  figures: Figures[],
  count: (edges: number[]) => Promise<{ target: number; b: number; n: number }[]>,
): Promise<Profile[]> {
  const { given, shape } = request;
  const reference = referenceFigures(request, figures);
  const deciles = reference?.deciles ?? [];
  const quantiles = reference?.stats.quantiles;
  const [least = 0] = deciles;
  const greatest = deciles.at(-1) ?? 0;
  const edges = given.edges?.kind === "numeric" ? given.edges.edges : edgesFromQuantiles(deciles);
  const wide =
    given.equalWidth?.kind === "numeric"
      ? given.equalWidth.edges
      : deciles.length === 0
        ? []
        : shape === "instant"
          ? equalWidthEdges(least, greatest, least, greatest)
          : equalWidthEdges(quantiles?.["0.01"] ?? least, quantiles?.["0.99"] ?? greatest, least, greatest);
  const make = async (chosen: number[]) => {
    const buckets = new Map<number, Map<number, number>>();
    for (const { target, b, n } of await count(chosen)) {
      const own = buckets.get(target) ?? new Map<number, number>();
      buckets.set(target, own);
      own.set(b, n);
    }
    return (target: number) => {
      const stats = figures[target]?.stats;
      return numericHistogram(
        chosen,
        buckets.get(target) ?? new Map<number, number>(),
        stats?.missing ?? 0,
        stats?.nan ?? 0,
      );
    };
  };
  const byQuantile = await make(edges);
  const byWidth = await make(wide);
  return assemble(request, (target) => ({
    stats: figures[target]?.stats ?? { rows: 0, missing: 0 },
    histogram: byQuantile(target),
    equalWidth: byWidth(target),
  }));
}
