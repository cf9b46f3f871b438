import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { HistoryView, SourceSpine } from "../joins/feature-history";
import type { TrainingColumn } from "./training-recipe";

/** Why a feature's value in a row is what it is. */
export const VALUE_STATUSES = ["PRESENT", "NULL", "NO_ROW", "EXPIRED", "NO_KEY"] as const;
export type ValueStatus = (typeof VALUE_STATUSES)[number];

/** What an engine needs to make the rows of a training dataset. */
export interface TrainingRowsRequest {
  spine: SourceSpine;
  /** Which part of it a row is in becomes a column; null for none. */
  split: SplitPolicyDefinition | null;
  views: HistoryView[];
  /** All columns of the training dataset, in order. */
  columns: TrainingColumn[];
  /** Rows after it are counted. ISO. */
  asOf: string;
}

/** What is to be known of the spine before anything is written. Rows are counted and none is left out. */
export interface SpineFacts {
  rows: number;
  /** Rows whose join keys and moment an earlier row has too. */
  duplicates: number;
  /** Rows later than the as-of time. */
  future: number;
  /** Column of a join key → rows that have none. */
  nullKeys: Record<string, number>;
}

/** Part → rows; rows in no part under "". */
export type PartRows = Record<string, number>;

export interface PreviewedTraining {
  spine: SpineFacts;
  /** Of the whole spine. */
  parts: PartRows;
  /** JSON texts of the first rows, each an array of the values in the order of the columns. */
  rows: string[];
  /** Row by row, feature by feature in the order of the columns. */
  statuses: ValueStatus[][];
}

export interface FrozenTraining {
  spine: SpineFacts;
  parts: PartRows;
  rows: number;
  bytes: number;
  /** SHA-256 of the text that content-lines.ts describes. */
  digest: string;
  /** Feature → status → rows. */
  statuses: Record<string, Partial<Record<ValueStatus, number>>>;
}

/** A training dataset's Parquet, and the file that is to have its rows. */
export interface TrainingFileRequest {
  file: string;
  columns: TrainingColumn[];
  output: { file: string; format: "csv" | "arrow" | "json" };
}
