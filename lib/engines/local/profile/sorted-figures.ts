/** Exact figures of finite numbers in ascending order. */
import { momentsOf } from "@/lib/domain/statistics/moments";
import { quantile } from "@/lib/domain/statistics/quantiles";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { TOP_SHOWN } from "./count-values";
import { CATEGORY_LIMIT } from "@/lib/domain/statistics/reference-values";
import { PROBABILITIES, type RawFigures } from "./numeric-figures";

/** Values of one column in some rows; what is not finite is only counted. */
export interface SortedValues {
  rows: number;
  missing: number;
  nan: number;
  inf: number;
  ninf: number;
  /** Finite, ascending. */
  values: Float64Array;
}

/** Numbers of several disjoint sets of rows. */
export function mergeSorted(parts: readonly SortedValues[]): SortedValues {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  const total = (name: "rows" | "missing" | "nan" | "inf" | "ninf") => parts.reduce((sum, part) => sum + part[name], 0);
  return {
    rows: total("rows"),
    missing: total("missing"),
    nan: total("nan"),
    inf: total("inf"),
    ninf: total("ninf"),
    values: values.sort(),
  };
}

/** @returns the figures, and the different values when they are few */
export function figuresOfSorted(
  { values, rows, missing, nan, inf, ninf }: SortedValues,
  type: ColumnType,
): RawFigures & { different: number[] } {
  const moments = momentsOf(values);
  const runs = runsOf(values);
  return {
    rows,
    missing,
    nan,
    inf,
    ninf,
    zeros: countUpTo(values, 0) - countBelow(values, 0),
    negative: countBelow(values, 0) + ninf,
    distinct: runs.distinct + Number(inf > 0) + Number(ninf > 0),
    distinctIsExact: true,
    n: values.length,
    min: moments?.min ?? null,
    max: moments?.max ?? null,
    sum: moments === null ? 0 : type === "bigint" ? integerSum(values, moments.sum) : moments.sum,
    mean: moments?.mean ?? 0,
    std: moments?.populationStd ?? 0,
    skew: moments?.populationSkew ?? NaN,
    quantiles: moments ? PROBABILITIES.map((p) => quantile(values, p) ?? 0) : [],
    top:
      type === "bigint" || type === "double"
        ? runs.top.map(({ value, count }) => ({ value: asText(type, value), count }))
        : [],
    different: runs.different,
  };
}

/** As DuckDB writes a number. */
function asText(type: ColumnType, value: number): string {
  const text = String(value);
  return type === "double" && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Sums of integers that are safe one by one need not be so together. */
function integerSum(values: Float64Array, sum: number): number | string {
  const greatest = Math.max(Math.abs(values[0] ?? 0), Math.abs(values.at(-1) ?? 0));
  if (greatest * values.length <= Number.MAX_SAFE_INTEGER) return sum;
  const exact = values.reduce((total, value) => total + BigInt(value), 0n);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact.toString();
}

function runsOf(values: Float64Array): {
  distinct: number;
  top: { value: number; count: number }[];
  different: number[];
} {
  const top: { value: number; count: number }[] = [];
  const different: number[] = [];
  let distinct = 0;
  for (let start = 0; start < values.length;) {
    const value = values[start] as number;
    let end = start + 1;
    while (end < values.length && values[end] === value) end += 1;
    const count = end - start;
    distinct += 1;
    if (different.length <= CATEGORY_LIMIT) different.push(value);
    const least = top.at(-1);
    if (top.length < TOP_SHOWN || (least && count > least.count)) {
      const position = top.findIndex((other) => other.count < count);
      top.splice(position < 0 ? top.length : position, 0, { value, count });
      if (top.length > TOP_SHOWN) top.pop();
    }
    start = end;
  }
  return { distinct, top, different };
}

/** Counts by the buckets of `histogramBucket`. */
export function countSorted({ values, inf, ninf }: SortedValues, edges: readonly number[]): { b: number; n: number }[] {
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined || edges.length < 2) return [{ b: 0, n: values.length + inf + ninf }];
  const buckets = edges.length - 1;
  const ends = edges.map((edge) => countBelow(values, edge));
  const upTo = countUpTo(values, last);
  const counts = edges.slice(1).map((_, b) => ({
    b,
    n: (b === buckets - 1 ? upTo : (ends[b + 1] ?? 0)) - (ends[b] ?? 0),
  }));
  return [{ b: -1, n: (ends[0] ?? 0) + ninf }, ...counts, { b: buckets, n: values.length - upTo + inf }];
}

/** How often a value occurs. */
export function countOf({ values }: SortedValues, value: number): number {
  return countUpTo(values, value) - countBelow(values, value);
}

const countBelow = (values: Float64Array, limit: number) => search(values, (value) => value < limit);
const countUpTo = (values: Float64Array, limit: number) => search(values, (value) => value <= limit);

/** How many of the first values hold a condition that no later one holds again. */
function search(values: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(values[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
