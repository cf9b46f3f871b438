/**
 * A frame is what the engine has of an entity while a variant runs: its join keys, its event time and the columns
 * written so far, as one DuckDB relation. Stages add columns by putting a view over the relation; a table is made only
 * where it pays (frames.ts). Names inside the relation are the engine's own, so that no column of a user can collide.
 */
import type { ColumnType, EntityDefinition } from "@/lib/domain/definitions";
import type { Bound } from "./operators/local-operator";
import { quoteName } from "./quote";

/** How a column lies in the relation: under one name, or a vector with a name for each component. */
export type Physical =
  { kind: "scalar"; name: string } | { kind: "list"; name: string } | { kind: "components"; names: string[] };

export interface FrameColumn {
  type: ColumnType;
  physical: Physical;
  /** Known to hold neither NaN nor infinity. */
  finite: boolean;
}

export interface Frame {
  entity: EntityDefinition;
  /** Quoted name of a table or view. */
  relation: string;
  /** Whether the relation is a table: reading it again costs a scan and no work. */
  stored: boolean;
  /** Whether rows carry an event time; rows without one are valid at all times. */
  timed: boolean;
  /** What made the rows; a stage may add rows of its own to those of stages, not to those of a source. */
  born: "source" | "stage";
  /** Whether the relation has ROW_ID. */
  numbered: boolean;
  /** Grows whenever rows change, so that row numbers taken before are known to be void. */
  rowsVersion: number;
  /** Every name in the relation. */
  names: string[];
  /** By columnKey, and for columns of other entities by columnKey and relation. */
  columns: Map<string, FrameColumn>;
  /** Attributes of a timed entity that hold at all times, joined by key. */
  statics: Frame | null;
  /** Relation → name of the column with the row number in the other frame as of this row's time. */
  pointers: Map<string, { name: string; rowsVersion: number }>;
  /** Whether another frame's views read the relation, so that it must stay when this frame moves on. */
  lent: boolean;
}

export const ROW_ID = "#row";
export const EVENT_TIME = "#time";
export const keyName = (index: number): string => `#key${index}`;

export function physicalNames(physical: Physical): string[] {
  return physical.kind === "components" ? physical.names : [physical.name];
}

/** The column as one value, a vector as a list: what a user's SQL and a file hold. */
export function valueSql(column: FrameColumn): string {
  if (column.physical.kind !== "components") return quoteName(column.physical.name);
  const [first] = column.physical.names;
  if (first === undefined) return "CAST([] AS DOUBLE[])";
  return `CASE WHEN ${quoteName(first)} IS NOT NULL THEN [${column.physical.names.map(quoteName).join(", ")}] END`;
}

/** The column bound for an operator; `size` is the length of a vector that lies in the relation as a list. */
export function bindColumn(name: string, column: FrameColumn, size: number): Bound {
  const { physical, type, finite } = column;
  if (physical.kind === "components") return { column: name, type, finite, sql: physical.names.map(quoteName) };
  const sql = quoteName(physical.name);
  if (physical.kind === "scalar") return { column: name, type, finite, sql: [sql] };
  return { column: name, type, finite, sql: Array.from({ length: size }, (_, i) => `${sql}[${i + 1}]`) };
}

/** How a person reads the same column in the stage's expressions: bare for the entity's own, quoted for another's. */
export function displayColumn(name: string, reader: string, bound: Bound): Bound {
  const own = name.startsWith(`${reader}.`);
  const visible = own ? name.slice(reader.length + 1) : quoteName(name);
  return { ...bound, sql: bound.type === "vector" ? bound.sql.map((_, i) => `${visible}[${i + 1}]`) : [visible] };
}
