import type { ColumnType } from "../definitions/column-type";

/** A fitted stage with the columns that its rows are given in: what it takes to score with it elsewhere. */
export interface FittedStage {
  operator: string;
  /** With the defaults filled in. */
  params: Record<string, unknown>;
  learned: Record<string, unknown>;
  /** Numbers that a row has, those of vectors counted one by one; null of a fit of before that was kept. */
  size: number | null;
  /** Side by side, in the order of the components that the stage was fitted on. */
  inputs: { name: string; type: ColumnType }[];
  outputs: { name: string; type: ColumnType }[];
}
