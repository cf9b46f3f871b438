import type { Rule } from "../rules/rule";
import type { ColumnType } from "./column-type";
import type { Documented } from "./documented";

export interface SourceColumn {
  name: string;
  type: ColumnType;
  /** The column's name in the file where it differs. */
  from?: string;
  description?: string;
}

export interface SourceDefinition extends Documented {
  kind: "Source";
  name: string;
  entity: string;
  format: "parquet" | "csv" | "json";
  /** A path, or `npm:package/path` for a file inside an installed package. */
  location: string;
  columns: SourceColumn[];
  rowKey: string[];
  timeColumn?: string;
  createdColumn?: string;
  appendOnly?: boolean;
  /** A bigint column of `columns` that the file does not hold: the row's position in it, from 0. */
  rowNumber?: string;
  /** Checked on every new dataset version. */
  rules?: Rule[];
  /** How long the windows of its time column are that distributions are kept for; month when left out. */
  profileEvery?: ProfileWindow;
}

/** Windows that distributions are kept for, in UTC; a week begins on Monday. */
export type ProfileWindow = "day" | "week" | "month";
