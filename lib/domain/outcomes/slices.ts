/** Slices of the rows that a model is judged on, by the values of one feature. */
import type { ColumnType } from "../definitions/column-type";
import type { Ends, SliceDifference } from "./judged-figure";
import { MODEL_METRICS } from "./model-metrics";

/** Values that get a slice of their own; those that are rarer are one slice together. */
export const MOST_VALUES = 10;

/** Types whose values rows can be sliced by. */
export const SLICED_TYPES: readonly ColumnType[] = ["boolean", "bigint", "double", "string"];

/** value: rows that have it; range: rows between two edges; other: all rarer values; missing: rows without a value. */
type SliceKind = "value" | "range" | "other" | "missing";

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

/** A text that is there and empty would not be seen. */
export function sliceName({ kind, name }: Pick<Slice, "kind" | "name">): string {
  return kind === "value" && name.trim() === "" ? "(empty text)" : name;
}

/** Of a number that rows are cut by: where the edges are from. */
export function describeEdges({ edges, edgesOf }: Pick<SlicedFeature, "edges" | "edgesOf">): string {
  if (edges === null) return "by value";
  return edgesOf === "judged" ? "by the quartiles of the judged rows" : `by the quartiles of ${edgesOf}`;
}

/** What a slice's difference from the whole says, at 95 %; null for a metric without interval. */
export function describeSlice(metric: string, { differences }: Pick<Slice, "differences">): string | null {
  const difference = differences[metric];
  if (!difference) return null;
  const { interval } = difference;
  if (interval === null) return "too few rows to tell";
  const [low, high] = interval;
  if (low <= 0 && high >= 0) return "no difference shown";
  const isHigher = low > 0;
  const better = MODEL_METRICS[metric]?.better;
  if (!better) return isHigher ? "higher" : "lower";
  return isHigher === (better === "higher") ? "better" : "worse";
}

/** Metrics that every slice of some features may have and that have intervals, the main ones first. */
export function comparedMetrics(features: readonly Pick<SlicedFeature, "parts">[]): string[] {
  const found = new Set(
    features.flatMap(({ parts }) =>
      Object.values(parts).flatMap((slices) => slices.flatMap(({ differences }) => Object.keys(differences))),
    ),
  );
  return Object.keys(MODEL_METRICS).filter((name) => found.has(name));
}
