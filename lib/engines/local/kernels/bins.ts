/** Columns cut into at most 255 intervals, which is all that a tree needs to know of them. */
import type { Kernel } from "./kernel";

export interface BinnedColumns {
  rows: number;
  /** Interval of every row, by column: interval i holds `(thresholds[i - 1], thresholds[i]]`. Empty for a column without thresholds. */
  bins: Uint8Array[];
  /** Where each column may be cut, ascending; none for a constant column. */
  thresholds: number[][];
}

/** A value between two neighbours that is at least the lower and below the higher. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/**
 * Where a column may be cut: midway between its values when there are at most `maxBins`, else at its quantiles.
 * @param sorted finite values, ascending
 */
export function findThresholds(sorted: Float64Array, maxBins: number): number[] {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (value === distinct.at(-1)) continue;
    distinct.push(value);
    if (distinct.length > maxBins) break;
  }
  if (distinct.length <= maxBins) return distinct.slice(1).map((value, i) => between(distinct[i]!, value));
  const cuts = new Set<number>();
  for (let k = 1; k < maxBins; k++) cuts.add(sorted[Math.ceil((k / maxBins) * sorted.length) - 1]!);
  cuts.delete(sorted[sorted.length - 1]!);
  return [...cuts];
}

/** Index of the first threshold that is not below the value; their number when all are. */
function binOf(value: number, thresholds: ArrayLike<number>): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= thresholds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cuts columns of finite numbers. Each is let go of when it is cut, so that both forms of all columns are never there at once. */
export function* binColumns(columns: (Float64Array | null)[], rows: number, maxBins: number): Kernel<BinnedColumns> {
  const bins: Uint8Array[] = [];
  const thresholds: number[][] = [];
  for (const [i, values] of columns.entries()) {
    if (!values) throw new RangeError("a column is cut once");
    const cuts = findThresholds(values.slice().sort(), maxBins);
    yield null;
    const own = new Uint8Array(cuts.length > 0 ? rows : 0);
    const edges = Float64Array.from(cuts);
    for (let row = 0; row < own.length; row++) own[row] = binOf(values[row]!, edges);
    bins.push(own);
    thresholds.push(cuts);
    columns[i] = null;
    yield `column ${i + 1} of ${columns.length}`;
  }
  return { rows, bins, thresholds };
}
