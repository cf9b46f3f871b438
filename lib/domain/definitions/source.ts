import type { Rule } from "./rule";
import type { ColumnType } from "./column-type";
import type { Described } from "./documented";

export interface SourceColumn {
  name: string;
  type: ColumnType;
  /** The column's name in the file where it differs; `geo.lat` is also the member `lat` of a struct `geo`. */
  from?: string;
  description?: string;
}

/** Formats of files. */
export const FILE_FORMATS = ["parquet", "csv", "json", "arrow"] as const;
export const SOURCE_FORMATS = [...FILE_FORMATS, "postgres"] as const;

/** How the files of a source are read where that cannot be told from them. */
export interface SourceReading {
  /** Between the fields of a CSV; the one of `, ; | tab` that gives the declared columns when left out. */
  delimiter?: string;
  /** Around a field that holds a delimiter or a line end; `"` when left out, empty for none. */
  quote?: string;
  /** Before a quote inside a quoted field; the quote itself when left out. */
  escape?: string;
  /** Whether the first line names the columns. Without names the first column is `column0`. */
  header?: boolean;
  /** Lines before the first that counts. */
  skip?: number;
  /** Lines that begin with it are no rows. */
  comment?: string;
  /** Between whole and fraction; `.` when left out. */
  decimal?: string;
  /** Between groups of three digits; none when left out. */
  thousands?: string;
  /** utf-8, or what a byte order mark says, when left out. */
  encoding?: string;
  /** Texts that stand for a missing value, in all columns. The empty field always does. */
  nullValues?: string[];
  /** Formats of `strptime`, tried in order after ISO 8601. */
  dateFormat?: string | string[];
  timestampFormat?: string | string[];
  /** What numbers in a timestamp column count since 1970-01-01 UTC. */
  epoch?: "seconds" | "milliseconds";
  /** Zone of times without an offset, as IANA names it; UTC when left out. */
  timeZone?: string;
}

export interface SourceDefinition extends Described {
  kind: "Source";
  name: string;
  entity: string;
  format: (typeof SOURCE_FORMATS)[number];
  /** Of files: a path, a folder, a pattern such as `data/2024-*.parquet`, or `npm:package/path` for a file inside an installed package. */
  location?: string;
  /** Of a table: the workspace's connection to its database. */
  connection?: string;
  /** `schema.table`, or a table alone; this or `sql`. */
  table?: string;
  /** One SELECT in the database's own language, whose rows are read. */
  sql?: string;
  reading?: SourceReading;
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

/** A source that is read from files. */
export type FileSource = SourceDefinition & { format: (typeof FILE_FORMATS)[number]; location: string };

/** A source that is read from a database. */
export type TableSource = SourceDefinition & { format: "postgres"; connection: string };

export const isFileSource = (source: SourceDefinition): source is FileSource => source.location !== undefined;

export const isTableSource = (source: SourceDefinition): source is TableSource =>
  source.format === "postgres" && source.connection !== undefined;

/** Where the rows of a source are, in a word: its location, or `postgres:CONNECTION/schema.table`. */
export function placeOf({ location, connection, table }: SourceDefinition): string {
  return location ?? `postgres:${connection}/${table ?? "query"}`;
}

/** Windows that distributions are kept for, in UTC; a week begins on Monday. */
export type ProfileWindow = "day" | "week" | "month";
