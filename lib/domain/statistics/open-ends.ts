import type { Histogram, NumericHistogram } from "./histogram";

/**
 * The outer buckets end in the open: what lies outside belongs to them, or a few values beyond the reference's range would be a
 * bucket that was empty. A constant has one bucket only, and keeps what is outside apart; values have no ends.
 */
export function openEnds(histogram: NumericHistogram): NumericHistogram;
export function openEnds(histogram: Histogram): Histogram;
export function openEnds(histogram: Histogram): Histogram {
  if (histogram.kind === "categorical") return histogram;
  const { underflow, overflow } = histogram;
  if (histogram.counts.length < 2 || (underflow === 0 && overflow === 0)) return histogram;
  const counts = [...histogram.counts];
  counts[0] = (counts[0] as number) + underflow;
  counts[counts.length - 1] = (counts.at(-1) as number) + overflow;
  return { ...histogram, counts, underflow: 0, overflow: 0 };
}
