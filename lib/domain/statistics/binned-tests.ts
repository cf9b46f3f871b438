import type { Histogram } from "./histogram";
import { contingency } from "./chi-square";
import { exactTail, limitTail } from "./kolmogorov-smirnov";

/** Steps up to which the exact probability is computed: some milliseconds. */
const EXACT_STEPS = 1e6;

export interface BinnedTest {
  /** The size of the effect: the greatest gap of the distribution functions, or Cramér's V; in [0, 1]. */
  effect: number;
  /** Chi-square's own statistic, or the gap again. */
  statistic: number;
  pValue: number;
}

/**
 * Kolmogorov–Smirnov on the edges that both sides share. Between edges the gap may be greater, so p errs to the large side.
 * Null where values have no order.
 */
export function kolmogorovSmirnovOnEdges(reference: Histogram, current: Histogram): BinnedTest | null {
  const order = orderOf(reference);
  if (!order || (current.kind === "categorical" && current.other > 0)) return null;
  const [one, other] = [inOrder(reference, order), inOrder(current, order)];
  const [n, m] = [total(one), total(other)];
  let [below, belowOther, scaled] = [0, 0, 0];
  one.forEach((count, index) => {
    below += count;
    belowOther += other[index] ?? 0;
    scaled = Math.max(scaled, Math.abs(below * m - belowOther * n));
  });
  const found = { statistic: scaled / (n * m), scaled, n, m };
  const pValue = n * m <= EXACT_STEPS ? exactTail(found) : limitTail(found);
  return { effect: found.statistic, statistic: found.statistic, pValue: Math.min(1, Math.max(0, pValue)) };
}

/** Pearson's test of independence on side × bucket, without Yates' correction; unseen values are a bucket of the table. */
export function chiSquareOfBuckets(reference: readonly number[], current: readonly number[]): BinnedTest {
  const { statistic, pValue } = contingency(reference, current, { yates: false });
  const rows = total(reference) + total(current);
  return { effect: Math.min(1, Math.sqrt(statistic / rows)), statistic, pValue };
}

/** Ranks of by-value buckets that are numbers; the buckets of numbers are in order already. */
function orderOf(histogram: Histogram): number[] | null {
  if (histogram.kind === "numeric") return [];
  const numbers = histogram.values.map((value) => (value.trim() === "" ? NaN : Number(value)));
  if (histogram.other > 0 || !numbers.every(Number.isFinite)) return null;
  return numbers.map((_, index) => index).sort((a, b) => (numbers[a] as number) - (numbers[b] as number));
}

function inOrder(histogram: Histogram, order: readonly number[]): number[] {
  return histogram.kind === "numeric"
    ? [histogram.underflow, ...histogram.counts, histogram.overflow]
    : order.map((index) => histogram.counts[index] ?? 0);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
