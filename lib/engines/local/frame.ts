/**
 * A frame is what the engine has of an entity while a variant runs: its join keys, its event time and the columns
 * written so far, as one DuckDB relation. Stages add columns by putting a view over the relation; a table is made only
 * where it pays (frames.ts). Names inside the relation are the engine's own, so that no column of a user can collide.
 */
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
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
  /** How many numbers the indexer that wrote it can write; left out where none did. */
  categories?: number;
  /** What each component of a vector is, in words; left out where nobody said. */
  components?: string[];
}

export interface Frame {
  entity: EntityDefinition;
  /** Quoted name of a table or view. */
  relation: string;
  /** Whether the relation is a table: reading it again costs a scan and no work. */
  stored: boolean;
  /** Whether rows carry an event time; rows without one are valid at all times. */
  timed: boolean;
  /** Whether the relation has ROW_ID. */
  numbered: boolean;
  /** Every name in the relation. */
  names: string[];
  /** By columnKey, and for columns of other entities by columnKey and relation. */
  columns: Map<string, FrameColumn>;
  /** Attributes of a timed entity that hold at all times, joined by key. */
  statics: Frame | null;
  /** Name of the column with the row number in another frame as of this row's time, by relation and that frame. */
  pointers: Map<Frame, Map<string, string>>;
  /** Whether another frame's views read the relation, so that it must stay when this frame moves on. */
  lent: boolean;
}

/** A frame over a table that holds its keys, event time and columns under `names`. */
export function newFrame(
  entity: EntityDefinition,
  relation: string,
  timed: boolean,
  names: string[],
  columns: Map<string, FrameColumn>,
): Frame {
  return {
    entity,
    relation,
    stored: true,
    timed,
    numbered: false,
    names,
    columns,
    statics: null,
    pointers: new Map(),
    lent: false,
  };
}

export const ROW_ID = "#row";
export const EVENT_TIME = "#time";
export const keyName = (index: number): string => `#key${index}`;

/** Quoted names of the join keys. */
export function keysOf(frame: Pick<Frame, "entity">): string[] {
  return frame.entity.joinKeys.map((_, i) => quoteName(keyName(i)));
}

/** Quoted names of what tells rows apart. */
export function identityOf(frame: Pick<Frame, "entity" | "timed">): string[] {
  return [...keysOf(frame), ...(frame.timed ? [quoteName(EVENT_TIME)] : [])];
}

export function physicalNames(physical: Physical): string[] {
  return physical.kind === "components" ? physical.names : [physical.name];
}

/** A column as one instance wrote it, or as a source holds it. */
export function columnKey(column: string, instance: string | null): string {
  return `${column}|${instance ?? ""}`;
}

/** A column that the frame's relation holds; join keys and the event time are always there. */
export function findColumn(frame: Frame, column: string, writer: string | null): FrameColumn | undefined {
  const found = frame.columns.get(columnKey(column, writer));
  if (found || writer !== null) return found;
  const [, name] = splitColumn(column);
  const key = frame.entity.joinKeys.findIndex((candidate) => candidate.name === name);
  if (key >= 0)
    return {
      type: frame.entity.joinKeys[key]?.type ?? "string",
      physical: { kind: "scalar", name: keyName(key) },
      finite: true,
    };
  if (frame.timed && name === frame.entity.eventTime)
    return { type: "timestamp", physical: { kind: "scalar", name: EVENT_TIME }, finite: true };
  return undefined;
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
  const { physical, type, finite, categories = null, components = null } = column;
  const bound = { column: name, type, finite, categories, components };
  if (physical.kind === "components") return { ...bound, sql: physical.names.map(quoteName) };
  const sql = quoteName(physical.name);
  if (physical.kind === "scalar") return { ...bound, sql: [sql] };
  return { ...bound, sql: Array.from({ length: size }, (_, i) => `${sql}[${i + 1}]`) };
}

/** How a person reads the same column in the stage's expressions: bare for the entity's own, quoted for another's. */
export function displayColumn(name: string, reader: string, bound: Bound): Bound {
  const own = name.startsWith(`${reader}.`);
  const visible = own ? name.slice(reader.length + 1) : quoteName(name);
  return { ...bound, sql: bound.type === "vector" ? bound.sql.map((_, i) => `${visible}[${i + 1}]`) : [visible] };
}

/** DuckDB's message without the excerpt of the query that follows it. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n\n")[0] ?? message).replaceAll("\n", " ");
}
