import type { DatasetSnapshot } from "../datasets/dataset-snapshot";
import type { ColumnType } from "../definitions/column-type";
import type { SourceDefinition } from "../definitions/source";
import type { JoinRule } from "./point-in-time";

export const HISTORY_FORMATS = ["json", "csv", "parquet", "arrow"] as const;
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

/** What cells of a column of a request are; `json` where they are of several kinds, lists or objects. */
export type CellType = "bigint" | "double" | "boolean" | "string" | "json";

/** Rows that a request brought, written down for an engine. */
export interface GivenSpine {
  kind: "given";
  /**
   * A line of JSON for each row: `r` its place, `t` its moment in microseconds, `k` its keys as the text of their types, `c` its
   * cells, each the text of its JSON or, in a column of strings, the string.
   */
  file: string;
  columns: { name: string; type: CellType }[];
  /** Position of the column that holds the moment. */
  time: number;
  keys: ColumnType[];
}

/** Rows of a source's version. */
export interface SourceSpine {
  kind: "source";
  source: SourceDefinition;
  snapshot: DatasetSnapshot;
  columns: { name: string; type: ColumnType }[];
  /** Column of the source with the moment. */
  time: string;
  keys: { column: string; type: ColumnType }[];
}

/** Values of one entity that were written together. */
export interface HistoryView {
  /** By the names that the files have, with the place of the spine's key. */
  keys: { name: string; type: ColumnType; spine: number }[];
  /** Column with the event time; a file without it holds rows that are true at all times. Null for an entity without one. */
  eventTime: string | null;
  /** The newest first: of rows with equal keys and event time, those of the first file count. */
  files: {
    path: string;
    /** When the values were written, in microseconds since 1970. */
    created: bigint;
    /** Whether its rows are known to differ in keys and event time. */
    isUnique: boolean;
    /** Where it has the values of `columns`, in their order. */
    columns: string[];
  }[];
  columns: { name: string; type: ColumnType }[];
  rule: JoinRule;
}

/** Which values features had at the moments of a spine. */
export interface HistoryRequest {
  spine: GivenSpine | SourceSpine;
  views: HistoryView[];
  /** Names of the answer's columns after the spine's, in order: those of the views. */
  features: string[];
  output: { file: string; format: HistoryFormat };
}

export interface WrittenHistory {
  rows: number;
  bytes: number;
}
