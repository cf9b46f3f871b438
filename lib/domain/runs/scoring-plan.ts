/** What an engine needs to score rows that are given to it, one request after the other, with one version of a model. */
import type { ColumnType } from "../definitions/column-type";
import type { EntityDefinition } from "../definitions/entity";
import type { EngineInstance, WrittenColumn } from "./variant-plan";

/** A column that rows are given with: of the model's entity, or of another that a relation leads to. */
interface GivenColumn {
  /** Bare of the entity's own, `relation.column` of another's. */
  name: string;
  /** `entity.column`. */
  column: string;
  relation: string | null;
  type: ColumnType;
}

/** The least and the greatest value of a column in the rows that the model was fitted on. */
interface TrainedRange {
  /** Name of a given column, or `entity.column` of a computed one. */
  name: string;
  min: number;
  max: number;
}

export interface ScoringPlan {
  entity: EntityDefinition;
  given: GivenColumn[];
  /**
   * Stages that compute every row from that row alone, with their fits, in an order in which they can run. An input that is given
   * has no writer.
   */
  instances: EngineInstance[];
  outputs: (WrittenColumn & { type: ColumnType })[];
  ranges: (TrainedRange & WrittenColumn & { relation: string | null })[];
}

export interface ScoringRequest {
  /** Equal keys are equal plans: what was prepared for one is used again. */
  key: string;
  /** Null where it was said before. */
  plan: ScoringPlan | null;
  /**
   * Of each given column, its values row by row as the JSON text of one list: as texts travel, integers keep all digits and nothing is
   * taken apart on the way. Instants and dates are ISO texts; "NaN" and "Infinity" stand for what JSON has no word for.
   */
  values: string[];
}

/** Rows whose value is not what the model was fitted for, and why. */
export interface RowFinding {
  /**
   * `unseen`: a category that was not there when the stage was fitted. `beyond`: outside of the range of the rows that the model was
   * fitted on. `refused`: a run would fail on the row, so that its outputs are null.
   */
  kind: "unseen" | "beyond" | "refused";
  /** Name of a given column, or `entity.column` of a computed one. */
  column: string;
  message: string;
  rows: number[];
}

export interface ScoredRows {
  /** Of each output, its values row by row. */
  outputs: unknown[][];
  findings: RowFinding[];
}
