import type { ColumnType } from "../definitions/column-type";
import type { EntityDefinition } from "../definitions/entity";
import type { FileSource, SourceDefinition, SourceReading } from "../definitions/source";

/** Files that nobody has declared yet. */
export interface InspectionRequest {
  /** As a source's: a path, a folder, a pattern, or `npm:package/path`. */
  location: string;
  /** Told from the name when left out. */
  format?: FileSource["format"];
  /** What is known of how they are read; the rest is told from the files. */
  reading?: SourceReading;
  /** What the source is to be called; told from the location when left out. */
  name?: string;
}

/** A table that nobody has declared yet. */
export interface TableInspectionRequest {
  /** `schema.table`, or a table alone; this or `sql`. */
  table?: string;
  sql?: string;
  /** What the source is to be called; told from the table when left out. */
  name?: string;
}

export interface InspectedColumn {
  /** A name that a spec may use. */
  name: string;
  /** As the file has it; `geo.lat` is a member of `geo`. */
  from: string;
  type: ColumnType;
  /** Rows without a value. */
  missing: number;
  /** Different values, exact up to a million rows and an estimate above. */
  distinct: number;
  /** A few different values as text, in their order. */
  samples: string[];
}

/** What files or a table are, and how a source over them would be declared. */
export interface FileInspection {
  format: SourceDefinition["format"];
  reading: SourceReading;
  /** None of a table. */
  files: { path: string; bytes: number }[];
  /** Those that were looked at. */
  rows: number;
  /** Whether there may be further ones, which a warning says. */
  isPart: boolean;
  columns: InspectedColumn[];
  /** Columns that together tell every row apart, best first; empty when none do. */
  rowKeys: string[][];
  /** Columns that may say when a row happened, best first. */
  timeColumns: string[];
  /** The first rows: values as text, in the order of `columns`. */
  preview: (string | null)[][];
  /** What is doubtful or could not be told, in sentences. */
  warnings: string[];
  /** A proposal that plan accepts. */
  entity: EntityDefinition;
  source: SourceDefinition;
}
