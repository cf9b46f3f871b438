import { expect, it } from "vitest";
import type { ColumnType } from "../definitions/column-type";
import { evaluationTask, explainNoTask } from "./evaluation-task";

const glm = (family: string) => ({ estimator: "GeneralizedLinearRegression", params: { family } });

it.each<[Parameters<typeof evaluationTask>[0], ColumnType, ColumnType, ReturnType<typeof evaluationTask>]>([
  [{ estimator: "LogisticRegression" }, "double", "boolean", "binary"],
  [{ estimator: "LinearSVC" }, "boolean", "boolean", "binary"],
  [{ estimator: "LinearSVC" }, "bigint", "bigint", "multiclass"],
  [{ estimator: "LinearSVC" }, "double", "boolean", null],
  [{ estimator: "LinearSVC" }, "vector", "bigint", null],
  [glm("binomial"), "double", "boolean", "binary"],
  [glm("binomial"), "double", "bigint", "binary"],
  [glm("poisson"), "double", "bigint", "regression"],
  [{ estimator: "GeneralizedLinearRegression" }, "double", "double", "regression"],
])("%j writes %s, and the label is %s: %s", (estimator, prediction, label, task) => {
  expect(evaluationTask(estimator, prediction, label)).toBe(task);
});

it("says what to evaluate in the place of a margin", () => {
  expect(explainNoTask(["bird.side", "double"], ["bird.is_male", "boolean"])).toBe(
    "`bird.side` is a margin, no probability, and cannot be judged by `bird.is_male`. Evaluate the estimator's class: an output of type boolean.",
  );
  expect(explainNoTask(["bird.kind", "string"], ["bird.is_male", "boolean"])).toMatch(/is string and cannot be judged/);
});
