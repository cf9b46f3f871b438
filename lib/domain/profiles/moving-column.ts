import type { SourceDefinition } from "../definitions/source";

export const MOVING = ["key", "time"] as const;
/** Why a column has other values in every window: it tells every row apart, or says when it was. */
export type Moving = (typeof MOVING)[number];

/** A key of several columns is none: each of its values may come back. Null for a column whose windows can be compared. */
export function movingAs(source: Pick<SourceDefinition, "rowKey" | "timeColumn">, column: string): Moving | null {
  if (source.timeColumn === column) return "time";
  return source.rowKey.length === 1 && source.rowKey[0] === column ? "key" : null;
}

/** Whether a column says which row it is, or when it was written, rather than what is known of it. */
export function identifiesRows(
  { rowKey, timeColumn, createdColumn }: Pick<SourceDefinition, "rowKey" | "timeColumn" | "createdColumn">,
  column: string,
): boolean {
  return rowKey.includes(column) || timeColumn === column || createdColumn === column;
}
