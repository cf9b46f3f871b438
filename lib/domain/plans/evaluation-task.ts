import type { ColumnType } from "../definitions/column-type";
import type { StageDefinition } from "../definitions/stage";
import { findOperator, operatorName, predictionKind } from "../operators/operator-table";
import type { EvaluationTask } from "../outcomes/evaluation";

const NUMBERS: readonly ColumnType[] = ["bigint", "double"];

/**
 * What a prediction is judged as, by its type, the label's and the estimator. A classifier's output says by its type what it
 * is: `double` the probability of a yes, `vector` the probabilities in class order, the label's own type the predicted class.
 * Null when the two cannot be compared.
 */
export function evaluationTask(
  estimator: Pick<StageDefinition, "transformer" | "estimator" | "params">,
  prediction: ColumnType,
  label: ColumnType,
): EvaluationTask | null {
  const isNumber = NUMBERS.includes(prediction);
  // A margin has no scale that a probability could be read from.
  if (findOperator(operatorName(estimator))?.writesMargin && (prediction === "double" || prediction === "vector"))
    return null;
  if (label === "boolean") return isNumber || prediction === "boolean" || prediction === "vector" ? "binary" : null;
  if (label === "string") return prediction === "string" ? "multiclass" : null;
  if (!NUMBERS.includes(label)) return null;
  if (prediction === "vector") return "multiclass";
  if (!isNumber) return null;
  if (predictionKind(estimator) !== "class") return "regression";
  return prediction === "double" ? "binary" : "multiclass";
}

/** Why a prediction cannot be judged, to follow the pipeline's name. */
export function explainNoTask(
  [prediction, predictionType]: readonly [column: string, type: ColumnType],
  [label, labelType]: readonly [column: string, type: ColumnType],
): string {
  if (evaluationTask({ estimator: "LogisticRegression" }, predictionType, labelType) !== null)
    return `\`${prediction}\` is a margin, no probability, and cannot be judged by \`${label}\`. Evaluate the estimator's class: an output of type ${labelType === "boolean" ? "boolean" : "bigint"}.`;
  return `\`${prediction}\` is ${predictionType} and cannot be judged by \`${label}\`, which is ${labelType}. A yes/no label is judged by a probability, class numbers by a vector of probabilities or a class, a number by a number.`;
}
