import { bucketByEdges, bucketNumbers, bucketTexts, type Buckets } from "./buckets";
import { readColumns, whyEmpty, type Column, type Side } from "./cells";
import { isMap, readCounts, readMaps } from "./counts";
import type { Issues } from "./issues";
import type { ParsedParameters } from "./parameters";

export interface Compared extends Buckets {
  /** Rows of each side; null when weights were given, which do not tell. */
  rows: [number, number] | null;
}

export type Question = Record<Side, unknown>;

/** Buckets of both sides from whatever form the question has, or why there are none. Throws all issues found so far. */
export function readBuckets(
  question: Question,
  parameters: ParsedParameters,
  issues: Issues,
  { input: usual = "values" }: { input?: "counts" | "values" } = {},
): Compared | string {
  const input = parameters.text("input") ?? (isMap(question.reference) || isMap(question.current) ? "map" : usual);
  if (input === "values") return readSamples(question, parameters, issues);
  const { names: labels, ...counts }: Buckets0 =
    input === "map" ? readMaps(question, issues) : readCounts(question, issues);
  issues.throwIfAny();
  const rows = [counts.reference, counts.current].map((side) => side.reduce((sum, count) => sum + count, 0)) as [
    number,
    number,
  ];
  if (rows[0] === 0) return "reference has no rows";
  if (rows[1] === 0) return "current has no rows";
  const areWhole = [...counts.reference, ...counts.current].every(Number.isInteger);
  return {
    ...counts,
    rows: input !== "weights" && areWhole ? rows : null,
    shown: labels ? { labels } : {},
    ...(labels && { labels }),
  };
}

type Buckets0 = Record<Side, number[]> & { names?: string[] };

function readSamples(question: Question, parameters: ParsedParameters, issues: Issues): Compared | string {
  const { reference, current } = readColumns(question, issues);
  const { edges } = parameters;
  if (edges && reference.kind === "texts")
    issues.add(["params", "edges"], "are for numbers, and the values are texts", "numbers");
  issues.throwIfAny();
  const why = whyEmpty("reference", reference) ?? whyEmpty("current", current);
  if (why !== null) return why;
  const buckets = bucket(reference, current, parameters.text("binning") ?? "profile", edges);
  return typeof buckets === "string" ? buckets : { ...buckets, rows: [reference.values.length, current.values.length] };
}

function bucket(
  reference: Column,
  current: Column,
  binning: string,
  edges: readonly number[] | undefined,
): Buckets | string {
  if (reference.kind === "numbers" && current.kind === "numbers") {
    return edges ? bucketByEdges(reference, current, edges) : bucketNumbers(reference, current, binning);
  }
  return bucketTexts(reference as Column & { kind: "texts" }, current as Column & { kind: "texts" }, binning);
}
