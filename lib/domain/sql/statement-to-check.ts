import type { ColumnType } from "../definitions/column-type";
import type { StageDefinition } from "../definitions/stage";
import type { Issue } from "../errors";

/** An SQL stage with the columns that its statement sees. */
export interface StatementToCheck {
  stage: StageDefinition;
  /** Names as the statement writes them: own columns bare, others' in full. */
  columns: { name: string; type: ColumnType }[];
  /** What the rows of the written entity are told apart by; a stage with `from` must return it. */
  keys: { name: string; type: ColumnType }[];
}

/** Path inside the stage. */
export type StatementFinding = Pick<Issue, "path" | "message" | "expected" | "found">;

/** Binds statements as an engine would. */
export type CheckStatements = (stages: StatementToCheck[]) => Promise<StatementFinding[][]>;
