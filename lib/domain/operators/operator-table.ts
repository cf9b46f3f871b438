/**
 * The one operator table: what a stage may name, with Spark ML's names and parameters because that is the
 * ecosystem's vocabulary. It says what a stage must look like before any engine sees it; how an operator is computed
 * is the engines' business. Parameters that Spark has and the table has not are refused, never ignored.
 */
import { type EstimatorClass, type StageDefinition, stageKind } from "../definitions/stage";
import { FEATURE_OPERATORS, SQL_OPERATOR } from "./feature-operators";
import { MODEL_OPERATORS } from "./model-operators";
import type { Operator } from "./operator";
import { TEXT_OPERATORS } from "./text-operators";

/** By name; `sql` is Spark's SQLTransformer. */
export const OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries(
  [SQL_OPERATOR, ...TEXT_OPERATORS, ...FEATURE_OPERATORS, ...MODEL_OPERATORS].map((entry) => [entry.name, entry]),
);

/** A class that only Spark runs, named by module: nothing is known of its parameters. */
export const PYTHON_PREFIX = "python:";

export function findOperator(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

export function operatorName(stage: Pick<StageDefinition, "transformer" | "estimator">): string {
  return stage.estimator ?? stage.transformer ?? "";
}

/** What a stage is fitted to predict: a known operator's first `fitInputs`, a weight may follow; of others the only one. Null where there is none. */
export function labelOf(stage: Pick<StageDefinition, "transformer" | "estimator" | "fitInputs">): string | null {
  const { fitInputs = [] } = stage;
  return findOperator(operatorName(stage)) || fitInputs.length === 1 ? (fitInputs[0] ?? null) : null;
}

/** What the stage's estimator learns: its own word, else the operator's. Null for a transformer. */
export function estimatorClass(stage: StageDefinition): EstimatorClass | null {
  if (stageKind(stage) === "transformer") return null;
  return stage.class ?? findOperator(operatorName(stage))?.class ?? "supervised";
}

/** What a stage's outputs are a guess at: a class, or the probability of one, or a number. Undefined where it predicts nothing. */
export function predictionKind(
  stage: Pick<StageDefinition, "transformer" | "estimator" | "params">,
): Operator["predicts"] | undefined {
  const operator = findOperator(operatorName(stage));
  if (operator?.name === "GeneralizedLinearRegression" && stage.params?.family === "binomial") return "class";
  return operator?.predicts;
}

/** The operator's parameters with defaults filled in. */
export function resolveParams(stage: StageDefinition): Record<string, unknown> {
  const known = findOperator(operatorName(stage))?.params ?? [];
  const defaults = Object.fromEntries(
    known.filter((param) => param.default !== undefined).map((param) => [param.name, param.default]),
  );
  return { ...defaults, ...stage.params };
}
