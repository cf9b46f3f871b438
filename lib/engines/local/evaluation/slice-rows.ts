/** Cuts rows into slices by the values of a column. */
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import { DomainError } from "@/lib/domain/errors";
import {
  MISSING_NAME,
  MOST_VALUES,
  otherName,
  rangeNames,
  type Slice,
  type SlicedFeature,
  SLICED_TYPES,
} from "@/lib/domain/outcomes/slices";
import { type Frame, type FrameColumn, valueSql } from "../frame";
import { quoteText } from "../quote";
import { selectionCondition } from "../row-selection";
import type { Session } from "../session";
import { finite } from "./outcome-figures";

export interface Cut extends Pick<SlicedFeature, "feature" | "edges" | "edgesOf"> {
  /** By their number. */
  slices: Pick<Slice, "kind" | "name">[];
  /** SQL of a row's slice number. */
  sql: string;
}

/**
 * Numbers of many values are cut at the quartiles that they have in the part `train`, or on all judged rows where there is none;
 * everything else by its most frequent values on the judged rows. NaN and infinities are missing. Throws `invalid` for a column
 * whose values nobody would list.
 */
export async function cutRows(
  session: Session,
  frame: Frame,
  column: FrameColumn,
  feature: string,
  selections: readonly RowSelection[],
): Promise<Cut> {
  const { type } = column;
  if (!SLICED_TYPES.includes(type))
    throw new DomainError(
      "invalid",
      `Rows cannot be sliced by ${feature}, which is ${type}. Slice by a feature of type ${SLICED_TYPES.join(", ")}.`,
    );
  const isNumber = type === "bigint" || type === "double";
  const value = isNumber ? finite(`CAST(${valueSql(column)} AS DOUBLE)`) : `CAST(${valueSql(column)} AS VARCHAR)`;
  const conditions = selections.map((selection) => `(${selectionCondition(frame, selection)})`);
  const judged = `FROM ${frame.relation} WHERE ${conditions.join(" OR ") || "false"}`;
  const { different } = await session.row<{ different: number }>(
    `SELECT CAST(count(DISTINCT v) AS DOUBLE) AS different FROM (SELECT ${value} AS v ${judged})`,
  );
  const missing = { kind: "missing" as const, name: MISSING_NAME };
  if (isNumber && different > MOST_VALUES) {
    const { edges, edgesOf } = await findEdges(session, frame, value, judged, selections);
    const branches = edges.map((edge, at) => `WHEN v <= ${edge}::DOUBLE THEN ${at}`).join(" ");
    const names = rangeNames(edges);
    return {
      feature,
      edges,
      edgesOf,
      slices: [...names.map((name) => ({ kind: "range" as const, name })), missing],
      sql: over(value, `CASE WHEN v IS NULL THEN ${names.length} ${branches} ELSE ${edges.length} END`),
    };
  }
  const top = await session.rows<{ v: string | number }>(
    `SELECT v, count(*) AS n FROM (SELECT ${value} AS v ${judged}) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ${MOST_VALUES}`,
  );
  const literal = (one: string | number) => (typeof one === "number" ? `${one}::DOUBLE` : quoteText(one));
  const branches = top.map(({ v }, at) => `WHEN v = ${literal(v)} THEN ${at}`).join(" ");
  return {
    feature,
    edges: null,
    edgesOf: null,
    slices: [
      ...top.map(({ v }) => ({ kind: "value" as const, name: String(v) })),
      { kind: "other", name: otherName(different - top.length) },
      missing,
    ],
    sql: over(value, `CASE WHEN v IS NULL THEN ${top.length + 1} ${branches} ELSE ${top.length} END`),
  };
}

/** SQL that names a value `v`, so that it is computed once for each row. */
function over(value: string, sql: string): string {
  return `list_transform([${value}], lambda v: ${sql})[1]`;
}

async function findEdges(
  session: Session,
  frame: Frame,
  value: string,
  judged: string,
  selections: readonly RowSelection[],
): Promise<{ edges: number[]; edgesOf: string }> {
  const quartiles = async (from: string): Promise<number[]> => {
    const { found } = await session.row<{ found: number[] | null }>(
      `SELECT quantile_cont(v, [0.25, 0.5, 0.75]) AS found FROM (SELECT ${value} AS v ${from})`,
    );
    return [...new Set(found ?? [])];
  };
  const train = selections.find(({ part }) => part === "train");
  if (train) {
    const edges = await quartiles(`FROM ${frame.relation} WHERE ${selectionCondition(frame, train)}`);
    if (edges.length > 0) return { edges, edgesOf: "train" };
  }
  return { edges: await quartiles(judged), edgesOf: "judged" };
}
