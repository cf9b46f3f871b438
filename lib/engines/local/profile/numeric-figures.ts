/** Figures and histograms of numbers, however they were counted. */
import type { ColumnStats } from "../../engine";
import { equalWidthEdges, numericHistogram, quantileEdges } from "../histogram-edges";
import { type ColumnRequest, type Profile, type Shape, assemble } from "./column-request";

export const PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** What a profile needs to know of one column over one target. */
export interface Figures {
  stats: ColumnStats;
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
  /** Finite values. */
  n: number;
  min: number | string | null;
  max: number | string | null;
  mean: number;
  /** Central moments, divided by n. */
  m2: number;
  m3: number;
  /** At PROBABILITIES. */
  quantiles: number[];
  isInteger: boolean;
  top: { value: string; count: number }[];
}

export function toFigures(shape: Shape, raw: RawFigures): Figures {
  const deciles =
    raw.n > 0 && raw.quantiles.length > 0
      ? [Number(raw.min), ...DECILES.map((p) => raw.quantiles[PROBABILITIES.indexOf(p)] ?? NaN), Number(raw.max)]
      : [];
  const stats: ColumnStats = { rows: raw.rows, missing: raw.missing };
  if (raw.distinct > 0 || raw.n === 0) stats.distinct = raw.distinct;
  if (shape === "instant") {
    if (raw.n > 0) {
      stats.min = new Date(Number(raw.min)).toISOString();
      stats.max = new Date(Number(raw.max)).toISOString();
    }
    return { stats, deciles };
  }
  Object.assign(stats, {
    zeros: raw.zeros,
    negative: raw.negative,
    nan: raw.nan,
    positiveInfinity: raw.inf,
    negativeInfinity: raw.ninf,
  });
  if (raw.n > 0) {
    const std = Math.sqrt(raw.m2);
    stats.min = raw.min ?? 0;
    stats.max = raw.max ?? 0;
    // Values near the largest double have a variance beyond it: what cannot be said is left out.
    if (Number.isFinite(raw.mean)) stats.mean = raw.mean;
    if (Number.isFinite(std)) {
      stats.populationStd = std;
      if (raw.n > 1) stats.sampleStd = std * Math.sqrt(raw.n / (raw.n - 1));
      const skew = raw.m3 / std ** 3;
      if (Number.isFinite(skew)) stats.skew = skew;
    }
    stats.quantiles = Object.fromEntries(PROBABILITIES.map((p, i) => [String(p), raw.quantiles[i] ?? 0]));
  }
  if (raw.top.length > 0) stats.top = raw.top;
  return { stats, deciles };
}

export async function withNumericHistograms(
  request: ColumnRequest,
  figures: Figures[],
  count: (edges: number[]) => Promise<{ target: number; b: number; n: number }[]>,
): Promise<Profile[]> {
  const { given, targets, shape } = request;
  const reference = figures[targets.reference];
  const deciles = reference?.deciles ?? [];
  const quantiles = reference?.stats.quantiles;
  const [least = 0] = deciles;
  const greatest = deciles.at(-1) ?? 0;
  const edges = given.edges?.kind === "numeric" ? given.edges.edges : quantileEdges(deciles);
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
