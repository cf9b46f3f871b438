import type { ColumnType } from "../definitions/column-type";
import type { PipelineDefinition } from "../definitions/pipeline";
import { foldNames } from "../definitions/split-rule";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { EvaluationTask } from "../outcomes/evaluation";
import { MODEL_METRICS } from "../outcomes/model-metrics";

/** Why folds cannot be made of a pipeline's fit rows, with the member that says so. */
interface FoldProblem {
  path: (string | number)[];
  message: string;
  expected: string;
  found?: string;
}

/**
 * What keeps a pipeline from being cross-validated: it is fitted on folds of a kfold policy, at least two, and tested on another part of
 * the same policy, which is how it is known that no fold has a test row.
 * @param policyNamed undefined where no such policy is declared, which is said elsewhere
 */
export function foldProblems(
  { fit, evaluate, crossValidate }: PipelineDefinition,
  policyNamed: (name: string) => SplitPolicyDefinition | undefined,
): FoldProblem[] {
  if (!crossValidate) return [];
  const metric = MODEL_METRICS[crossValidate.metric];
  const problems: FoldProblem[] = metric?.better
    ? []
    : [
        {
          path: ["crossValidate", "metric"],
          message: `\`${crossValidate.metric}\` is no metric that models are compared by.`,
          expected: `one of ${metricsToCompare().join(", ")}`,
          found: crossValidate.metric,
        },
      ];
  if (!evaluate)
    problems.push({
      path: ["crossValidate"],
      message: "there is nothing to score in each fold without `evaluate`, which names the label.",
      expected: "`evaluate` beside `crossValidate`",
    });
  if (!fit || !("split" in fit)) {
    problems.push({
      path: ["crossValidate"],
      message: "`fit` names no folds to leave out in turn.",
      expected: "fit: { split: POLICY, parts: [fold_0, fold_1, …] } with a policy of type kfold",
    });
    return problems;
  }
  const policy = policyNamed(fit.split);
  if (!policy) return problems;
  const folds = foldNames(policy);
  if (folds.length === 0)
    problems.push({
      path: ["fit", "split"],
      message: `split policy \`${fit.split}\` is of type ${policy.type} and has no folds.`,
      expected: "a policy of type kfold",
      found: fit.split,
    });
  else if (fit.parts.length < 2 || fit.parts.some((part) => !folds.includes(part)))
    problems.push({
      path: ["fit", "parts"],
      message: "cross-validation leaves out one fold after the other.",
      expected: `at least two of ${folds.join(", ")}, and nothing else`,
      found: fit.parts.join(", "),
    });
  if (evaluate && (evaluate.split !== fit.split || evaluate.test.some((part) => fit.parts.includes(part))))
    problems.push({
      path: ["evaluate", evaluate.split === fit.split ? "test" : "split"],
      message: "the test rows must be apart from the folds, which parts of one policy are.",
      expected: `a part of ${fit.split} that no fit has, such as \`test\` with \`test: 0.2\` in the policy`,
      found: evaluate.split === fit.split ? evaluate.test.join(", ") : evaluate.split,
    });
  return problems;
}

/** Metrics of which it is known whether more or less is better. */
export function metricsToCompare(): string[] {
  return Object.keys(MODEL_METRICS).filter((name) => MODEL_METRICS[name]?.better);
}

/**
 * Why models are not compared by a metric that says nothing of what the prediction is judged as; null where they can be, or where it is
 * no metric at all, which is said elsewhere.
 * @param tasks what its possible writers make of it; null where its type and the label's do not go together
 */
export function metricProblem(
  metric: string,
  path: (string | number)[],
  { prediction, type, tasks }: { prediction: string; type: ColumnType; tasks: readonly (EvaluationTask | null)[] },
): FoldProblem | null {
  const known = MODEL_METRICS[metric];
  // Two probabilities of class numbers are judged as a yes, which is known when they are there.
  const fits = tasks.some((task) => task !== null && (known?.tasks.includes(task) || type === "vector"));
  if (!known?.better || tasks.length === 0 || fits) return null;
  return {
    path,
    message: `\`${metric}\` says nothing of \`${prediction}\`, which is judged as ${tasks.find((task) => task !== null) ?? "nothing"}.`,
    expected: `one of ${metricsToCompare()
      .filter((name) => tasks.some((task) => task !== null && MODEL_METRICS[name]?.tasks.includes(task)))
      .join(", ")}`,
    found: metric,
  };
}

/** The pipeline of each fold: fitted on the other folds, tested on the one that is left out. */
export function foldPipelines(pipeline: PipelineDefinition): { part: string; pipeline: PipelineDefinition }[] {
  const { fit, evaluate, crossValidate } = pipeline;
  if (!crossValidate || !evaluate || !fit || !("split" in fit)) return [];
  const { validation: _, ...judged } = evaluate;
  return fit.parts.map((part) => ({
    part,
    pipeline: {
      ...pipeline,
      fit: { split: fit.split, parts: fit.parts.filter((other) => other !== part) },
      evaluate: { ...judged, split: fit.split, test: [part] },
    },
  }));
}

/** Mean of the folds' scores and their sample standard deviation (divisor k − 1). Two scores at least. */
export function summariseFolds(scores: readonly number[]): { mean: number; deviation: number } {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (scores.length - 1)) };
}
