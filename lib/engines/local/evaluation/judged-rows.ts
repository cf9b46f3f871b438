import { DomainError } from "@/lib/domain/errors";
import { type FrameColumn, valueSql } from "../frame";
import { quoteName } from "../quote";

/** Metrics of one selection of rows, and what is behind them. */
export interface Judged<Detail> {
  metrics: Record<string, number>;
  detail: Detail;
}

/** Components of a vector column as SQL, null for one that lies in the relation as a list. */
export function componentsOf(column: FrameColumn): string[] | null {
  return column.physical.kind === "components" ? column.physical.names.map(quoteName) : null;
}

/** SQL of the probability of a yes: the number itself, or of a vector of two the second. */
export function probabilitySql(column: FrameColumn): string {
  if (column.type !== "vector") return `CAST(${valueSql(column)} AS DOUBLE)`;
  const components = componentsOf(column);
  return components ? (components[1] ?? "CAST(NULL AS DOUBLE)") : `${valueSql(column)}[2]`;
}

/** Tenths of rows by the middle of their rank; equal values of `p` stay together. Table `groups` has `p` and `n`. */
export const TENTHS = `least(9, CAST(floor(10 * (sum(n) OVER (ORDER BY p) - n / 2e0) / sum(n) OVER ()) AS INTEGER))`;

export function oddLabels(label: string, rows: number, part: string, expected: string): DomainError {
  return new DomainError(
    "invalid",
    `The label ${label} must be ${expected}; ${rows} rows of ${part} hold something else.`,
  );
}
