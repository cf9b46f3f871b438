import type { ColumnType } from "../definitions/column-type";

export type ColumnKind = "numeric" | "string" | "time" | "boolean" | "list";

const KINDS: Record<ColumnType, ColumnKind> = {
  bigint: "numeric",
  double: "numeric",
  string: "string",
  date: "time",
  timestamp: "time",
  boolean: "boolean",
  vector: "list",
  strings: "list",
};

/** Types that are looked at and filtered in the same way. */
export function kindOfType(type: ColumnType): ColumnKind {
  return KINDS[type];
}
