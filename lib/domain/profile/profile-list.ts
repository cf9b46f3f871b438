import { deciles } from "../statistics/quantiles";

export interface ListProfile {
  rows: number;
  /** Null rows only: an empty list is a value. */
  missing: number;
  count: number;
  /** Values per list; null when every row is missing. */
  valency: { min: number; mean: number; max: number } | null;
  /** Values of all lists. */
  total: number;
  /** Of the number of values per list, by type 7; empty when every row is missing. */
  valencyDeciles: number[];
}

/** Profile of how many values the lists of a column hold. */
export function profileList(column: readonly (readonly unknown[] | null)[]): ListProfile {
  const lengths = Float64Array.from(column.filter((list) => list !== null).map((list) => list.length)).sort();
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const [min] = lengths;
  const max = lengths.at(-1);
  return {
    rows: column.length,
    missing: column.length - lengths.length,
    count: lengths.length,
    valency: min === undefined || max === undefined ? null : { min, mean: total / lengths.length, max },
    total,
    valencyDeciles: deciles(lengths),
  };
}
