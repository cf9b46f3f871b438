/** Slices of the rows that a model is judged on, by the values of one feature. */
import type { ColumnType } from "../definitions/column-type";
import type { Ends, SliceDifference } from "./judged-figure";

/** Values that get a slice of their own; those that are rarer are one slice together. */
export const MOST_VALUES = 10;

/** Types whose values rows can be sliced by. */
export const SLICED_TYPES: readonly ColumnType[] = ["boolean", "bigint", "double", "string"];

/** value: rows that have it; range: rows between two edges; other: all rarer values; missing: rows without a value. */
export type SliceKind = "value" | "range" | "other" | "missing";

export interface Slice {
  kind: SliceKind;
  /** The value as text, the range, or what the rest is called. */
  name: string;
  /** As of a part: `rows` are those judged. */
  metrics: Record<string, number>;
  /** Metric → 95 % confidence interval, where one is standard. */
  intervals: Record<string, Ends>;
  /** Metric → how far it is from that of all rows of the part. */
  differences: Record<string, SliceDifference>;
}

export interface SlicedFeature {
  feature: string;
  /** Of numbers, rising: a range reaches from above the edge before to the edge itself. Null where rows are sliced by value. */
  edges: number[] | null;
  /** Part whose quartiles the edges are; `judged` where there was none to train on; null without edges. */
  edgesOf: string | null;
  /** Part → slices with judged rows: ranges rising, values by how often they occur, then the others and the missing ones. */
  parts: Record<string, Slice[]>;
}

/** Names of the ranges between edges, from the lowest up: one more than there are edges. */
export function rangeNames(edges: readonly number[]): string[] {
  const first = edges[0];
  if (first === undefined) return ["all values"];
  return [
    `up to ${first}`,
    ...edges.slice(1).map((edge, at) => `above ${edges[at]} to ${edge}`),
    `above ${edges[edges.length - 1]}`,
  ];
}

/** Name of the slice of all rarer values. */
export function otherName(values: number): string {
  return `other (${values} value${values === 1 ? "" : "s"})`;
}

export const MISSING_NAME = "missing";
