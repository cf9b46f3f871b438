import { contingency, goodnessOfFit } from "./chi-square";
import type { Histogram } from "./histogram";
import { exactTail, kolmogorovSmirnov, type KolmogorovSmirnov, limitTail, oneSampleTail } from "./kolmogorov-smirnov";

/** Steps up to which the exact probability is computed unless it is asked for: some milliseconds. */
const EXACT_STEPS = 1e6;
/** The most steps that may be asked for: up to 10,000 values on each side, as SciPy. */
export const MOST_EXACT_STEPS = 1e8;
/** SciPy computes the exact probability up to so many values on the larger side. */
const SCIPY_EXACT_VALUES = 10_000;

export interface BinnedTest {
  /** The size of the effect: the greatest gap of the distribution functions, or Cramér's V; in [0, 1]. */
  effect: number;
  /** Chi-square's own statistic, or the gap again. Infinite where something was seen that could not be expected. */
  statistic: number;
  pValue: number;
  /** Degrees of freedom of chi-square. */
  df?: number;
}

/**
 * How p is found: `auto` is exact up to 10⁶ pairs of values and Kolmogorov's limit above; `scipy` is exact up to 10,000 values
 * on a side and the one-sample distribution above.
 */
export type KolmogorovP = "auto" | "exact" | "kolmogorov_limit" | "scipy";

/**
 * Kolmogorov–Smirnov on the buckets that both histograms share. Between edges the gap may be greater, so p errs to the large
 * side; by value it is exact. Null where values have no order.
 */
export function kolmogorovSmirnovOnEdges(
  reference: Histogram,
  current: Histogram,
  p: KolmogorovP = "auto",
): BinnedTest | null {
  const order = orderOf(reference);
  if (!order || (current.kind === "categorical" && current.other > 0)) return null;
  const found = kolmogorovSmirnov(inOrder(reference, order), inOrder(current, order));
  const pValue = Math.min(1, Math.max(0, tailOf(found, p)));
  return { effect: found.statistic, statistic: found.statistic, pValue };
}

function tailOf(found: KolmogorovSmirnov, p: KolmogorovP): number {
  const steps = found.n * found.m;
  if (p === "exact") return exactTail(found);
  if (p === "scipy")
    return Math.max(found.n, found.m) <= SCIPY_EXACT_VALUES ? exactTail(found) : oneSampleTail(found).tail;
  return p === "auto" && steps <= EXACT_STEPS ? exactTail(found) : limitTail(found);
}

export type ChiSquareVariant = "contingency" | "goodness_of_fit";

/**
 * Pearson's test on reference and current × bucket: of independence, or of the current counts' fit to the reference's. Yates'
 * correction, where asked for, applies to independence with one degree of freedom.
 */
export function chiSquareOfBuckets(
  reference: readonly number[],
  current: readonly number[],
  { variant = "contingency", yates = false }: { variant?: ChiSquareVariant; yates?: boolean } = {},
): BinnedTest {
  const plain =
    variant === "goodness_of_fit"
      ? goodnessOfFit(reference, current)
      : contingency(reference, current, { yates: false });
  const found =
    yates && variant === "contingency" && plain.df === 1 ? contingency(reference, current, { yates: true }) : plain;
  const rows = (variant === "contingency" ? total(reference) : 0) + total(current);
  return { ...found, effect: Math.min(1, Math.sqrt(found.statistic / rows)) };
}

/** Ranks of by-value buckets that are numbers; the buckets of numbers are in order already. */
function orderOf(histogram: Histogram): number[] | null {
  if (histogram.kind === "numeric") return [];
  const numbers = histogram.values.map((value) => (value.trim() === "" ? NaN : Number(value)));
  if (histogram.other > 0 || numbers.some(Number.isNaN)) return null;
  return numbers
    .map((_, index) => index)
    .sort((a, b) => Math.sign((numbers[a] as number) - (numbers[b] as number)) || a - b);
}

function inOrder(histogram: Histogram, order: readonly number[]): number[] {
  return histogram.kind === "numeric"
    ? [histogram.underflow, ...histogram.counts, histogram.overflow]
    : order.map((index) => histogram.counts[index] ?? 0);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
