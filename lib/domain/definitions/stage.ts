import type { ColumnType } from "./column-type";
import type { Described } from "./documented";
import type { StageTest } from "./stage-test";

export const ESTIMATOR_CLASSES = ["statistic", "unsupervised", "selection", "supervised"] as const;

export type EstimatorClass = (typeof ESTIMATOR_CLASSES)[number];

/** Rows an estimator is fitted on: everything, or parts of a split policy. */
export type FitRows = { rows: "all" } | { split: string; parts: string[] };

export interface StageDefinition extends Described {
  kind: "Stage";
  name: string;
  /** Entity that the outputs belong to. */
  entity: string;
  /** For an aggregating SQL stage: the entity whose rows it reads. */
  from?: string;
  /** Which relation to follow to another entity, where more than one leads there: `{ airport: "origin" }`. */
  via?: Record<string, string>;
  /** Exactly one of the two names an operator of the operator table. */
  transformer?: string;
  estimator?: string;
  class?: EstimatorClass;
  /** `entity.column` names. */
  inputs: string[];
  /** Needed to fit, not to predict: labels. */
  fitInputs?: string[];
  outputs: { column: string; type: ColumnType }[];
  params?: Record<string, unknown>;
  cost?: number;
  /** Rows that this stage's owner fits on. Without it, the pipeline that needs it decides. */
  fit?: FitRows;
  /** Where the code lives, for people. */
  code?: string;
  tests?: StageTest[];
}

export function stageKind(stage: Pick<StageDefinition, "estimator">): "transformer" | "estimator" {
  return stage.estimator === undefined ? "transformer" : "estimator";
}
