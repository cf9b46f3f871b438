import { addHistograms, assertSameBuckets, type Histogram } from "../statistics/histogram";
import type { Figures } from "../statistics/binned-distribution";
import { combineMoments } from "../statistics/moments";

/** One side of a comparison, as a profile keeps it. */
export interface DriftSide {
  histogram: Histogram;
  /** The same rows on equal-width edges, and what the profile says besides; only the Wasserstein distance asks for them. */
  equalWidth?: Histogram | null;
  stats?: Figures;
}

export interface MissingCounts {
  rows: number;
  /** Rows without a value: null, or NaN. */
  missing: number;
  nan: number;
}

/** A value that is not there says nothing of how values are distributed: it is counted apart. */
export function countMissing(histogram: Histogram): MissingCounts {
  const nan = histogram.kind === "numeric" ? histogram.nan : 0;
  let rows = histogram.missing + nan;
  for (const count of histogram.counts) rows += count;
  rows += histogram.kind === "numeric" ? histogram.underflow + histogram.overflow : histogram.other;
  return { rows, missing: histogram.missing + nan, nan };
}

/** The histogram of the values that are there. */
export function presentOf(histogram: Histogram): Histogram {
  return histogram.kind === "numeric" ? { ...histogram, missing: 0, nan: 0 } : { ...histogram, missing: 0 };
}

/** Both windows as one side. Throws `invalid` when they were counted by different buckets. */
export function addSides(one: DriftSide, other: DriftSide): DriftSide {
  const equalWidth = one.equalWidth && other.equalWidth && addWhereEqual(one.equalWidth, other.equalWidth);
  return {
    histogram: addHistograms(one.histogram, other.histogram),
    equalWidth: equalWidth ?? null,
    stats: addFigures(one, other),
  };
}

function addWhereEqual(one: Histogram, other: Histogram): Histogram | null {
  try {
    assertSameBuckets(one, other);
    return addHistograms(one, other);
  } catch {
    return null;
  }
}

function addFigures(one: DriftSide, other: DriftSide): Figures {
  const [n, m] = [one, other].map(({ histogram }) => {
    const { rows, missing } = countMissing(histogram);
    return rows - missing;
  }) as [number, number];
  const [before, now] = [one.stats ?? {}, other.stats ?? {}];
  if (n === 0 || m === 0) return n === 0 ? now : before;
  const bound = (name: "min" | "max", choose: (...values: number[]) => number) => {
    const values = [before[name], now[name]].filter((value) => typeof value === "number");
    return values.length === 2 ? choose(...values) : undefined;
  };
  const added: Figures = { min: bound("min", Math.min), max: bound("max", Math.max) };
  if (typeof before.mean !== "number" || typeof now.mean !== "number") return added;
  const known = typeof before.populationStd === "number" && typeof now.populationStd === "number";
  const part = (figures: Figures, rows: number) => ({
    n: rows,
    mean: figures.mean as number,
    rest: 0,
    m2: rows * (figures.populationStd ?? 0) ** 2,
    m3: 0,
  });
  const both = combineMoments([part(before, n), part(now, m)]);
  if (!both) return added;
  return { ...added, mean: both.mean + both.rest, ...(known && { populationStd: Math.sqrt(both.m2 / both.n) }) };
}
