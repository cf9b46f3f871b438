/** One column to profile over many targets, and the form that its profiles come in. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { type FrameColumn, valueSql } from "../frame";
import type { Targets } from "../profile-targets";
import { millisecondsOf, quoteName } from "../quote";
import type { Session } from "../session";

/** Name of the column with each row's cell. */
export const CELL = quoteName("#cell");

export type Wanted = VariantPlan["profile"]["columns"][number];
export type Shape = "number" | "instant" | "text" | "list";

const SHAPES: Record<ColumnType, Shape> = {
  boolean: "text",
  string: "text",
  bigint: "number",
  double: "number",
  date: "instant",
  timestamp: "instant",
  vector: "list",
  strings: "list",
};

export interface ColumnRequest {
  session: Session;
  name: string;
  type: ColumnType;
  shape: Shape;
  /** SQL of the value over `rows`: numbers and instants as numbers, lists as they are, the rest as text. */
  value: string;
  /** The frame with each row's cell. */
  rows: string;
  targets: Targets;
  given: Wanted;
}

export type Profile = Omit<ColumnProfile, "instance">;

export function toRequest(
  session: Session,
  given: Wanted,
  { type, ...found }: FrameColumn,
  rows: string,
  targets: Targets,
): ColumnRequest {
  const shape = SHAPES[type];
  const value = toValue(type, valueSql({ type, ...found }));
  return { session, name: given.column, type, shape, value, rows, targets, given };
}

function toValue(type: ColumnType, sql: string): string {
  if (SHAPES[type] === "instant") {
    const time = `CAST(${sql} AS TIMESTAMP)`;
    return `CASE WHEN isfinite(${time}) THEN ${millisecondsOf(time)} WHEN ${time} > TIMESTAMP '2000-01-01' THEN 'Infinity'::DOUBLE WHEN ${time} IS NOT NULL THEN '-Infinity'::DOUBLE END`;
  }
  if (type === "boolean") return `CAST(${sql} AS VARCHAR)`;
  // Adding 0 makes −0 and 0 one value.
  return type === "double" ? `${sql} + 0e0` : sql;
}

/** The profiles of every target that is reported. */
export function assemble(
  { name, targets }: ColumnRequest,
  make: (target: number) => Pick<Profile, "stats" | "histogram" | "equalWidth">,
): Profile[] {
  return targets.list.flatMap(({ part, window, reported }, target) =>
    reported ? [{ column: name, part, window, ...make(target) }] : [],
  );
}
