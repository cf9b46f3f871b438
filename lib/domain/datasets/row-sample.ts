import type { ColumnType } from "../definitions/column-type";
import type { SourceDefinition } from "../definitions/source";
import type { Slice } from "../profiles/slice";
import type { RowSelection } from "./row-selection";
import type { DatasetSnapshot } from "./dataset-snapshot";

/** Files with further columns of rows, found by their keys and event time. Of several such rows the first counts. */
export interface JoinedRows {
  /** How the files are read; null for files that a run wrote. */
  source: SourceDefinition | null;
  snapshot: DatasetSnapshot;
  /** By the same names in both. */
  keys: { name: string; type: ColumnType }[];
  /** Column with the event time in the dataset and in these files; null where rows hold at all times. */
  time: { own: string; theirs: string } | null;
  columns: { name: string; type: ColumnType }[];
}

/** Some rows of a dataset version, to be looked at one by one. */
export interface SampleRequest {
  /** How the files are read; null for files that a run wrote. */
  source: SourceDefinition | null;
  snapshot: DatasetSnapshot;
  /** Columns by the source's names, or the output's, or those of the files that are joined. */
  columns: { name: string; type: ColumnType }[];
  joined: JoinedRows[];
  /** At most so many. */
  rows: number;
  slice: (Slice & { type: ColumnType }) | null;
  /** Parts of the rows; a row belongs to the first that has it. `null` when rows have none. */
  parts: {
    labels: { name: string; split: RowSelection["split"] }[];
    /** Column with the event time, which a time policy goes by. */
    time: string | null;
    /** Columns that a hash policy may go by. */
    keys: string[];
    /** Only rows of these parts; null for all rows. */
    only: string[] | null;
  } | null;
}

/** A column of sampled rows as JSON carries it. */
export type SampledColumn = { name: string; type: ColumnType } & (
  | {
      /** `instants` are milliseconds since 1970. */
      kind: "numbers" | "instants";
      /** What JSON has no number for is text: "NaN", "Infinity", "-Infinity", integers beyond 2^53 in decimal. */
      values: (number | string | null)[];
    }
  | {
      /** Truth values as true and false; lists as the text of their first 20 values; at most 200 characters. */
      kind: "texts";
      dictionary: string[];
      /** Row → place in the dictionary; null for a missing value. */
      codes: (number | null)[];
    }
);

export interface RowSample {
  /** Rows of the dataset version. */
  rows: number;
  /** Rows in the slice and the wanted parts, of which the sample is drawn. */
  matched: number;
  columns: SampledColumn[];
  /** The part of each row, null in none; null when rows have no parts. */
  part: { dictionary: string[]; codes: (number | null)[] } | null;
}
