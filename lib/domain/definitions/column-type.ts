export const COLUMN_TYPES = [
  "boolean",
  "bigint",
  "double",
  "string",
  "date",
  "timestamp",
  /** List of doubles: what Spark ML calls a vector. */
  "vector",
  /** List of strings: tokens of a text. */
  "strings",
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

/** `airport.segment` → `["airport", "segment"]`. */
export function splitColumn(name: string): [entity: string, column: string] {
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}
