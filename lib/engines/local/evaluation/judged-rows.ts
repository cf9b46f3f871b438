import { DomainError } from "@/lib/domain/errors";
import type { PartEvaluation } from "@/lib/domain/outcomes/evaluation";
import type { JudgedFigure } from "@/lib/domain/outcomes/judged-figure";
import { type FrameColumn, valueSql } from "../frame";
import { quoteName } from "../quote";

/** What is behind the metrics of some rows, but for the intervals, which their figures tell. */
type Detail = Omit<PartEvaluation, "intervals">;

/** Metrics of one group of rows, and what is behind them. */
export interface Judged {
  metrics: Record<string, number>;
  /** Metric → what its interval and differences are told from, where one is standard. */
  figures: Record<string, JudgedFigure>;
  detail: Detail;
}

export const NOTHING_JUDGED: Judged = { metrics: { rows: 0 }, figures: {}, detail: {} };

/** Groups of rows by number; the only group of a part that is judged as a whole is 0. */
export type JudgedGroups = Map<number, Judged>;

/** What to judge: `relation` is SQL of rows with `grp`, a whole number, beside what the task compares. */
export interface JudgedRelation {
  relation: string;
  /** Whether the curves and tables of group 0 are wanted as well. */
  hasDetail: boolean;
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
