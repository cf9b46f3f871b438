import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import { foldPipelines, foldProblems, summariseFolds } from "./cross-validation";

const folds: SplitPolicyDefinition = { kind: "SplitPolicy", name: "folds", type: "kfold", folds: 3, test: 0.2, source: "s", seed: 1 }; // prettier-ignore
const halves: SplitPolicyDefinition = { kind: "SplitPolicy", name: "halves", type: "random", source: "s", seed: 1, parts: { a: 0.5, b: 0.5 } }; // prettier-ignore
const evaluate = { split: "folds", test: ["test"], label: "e.y", model: "m", unit: ["id"] };
const pipeline: PipelineDefinition = {
  kind: "Pipeline",
  name: "p",
  outputs: ["e.p"],
  fit: { split: "folds", parts: ["fold_0", "fold_1", "fold_2"] },
  crossValidate: { metric: "auc" },
  evaluate: { ...evaluate, validation: ["test"] },
};

const told = (more: Partial<PipelineDefinition>) =>
  foldProblems({ ...pipeline, ...more }, (name) => [folds, halves].find((one) => one.name === name)).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );

describe("cross-validation", () => {
  it("leaves out one fold after the other, and never touches the test rows", () => {
    expect(told({})).toEqual([]);
    const made = foldPipelines(pipeline);
    expect(made.map(({ part, pipeline: { fit, evaluate: judged } }) => [part, fit, judged?.test, judged?.validation])).toEqual([
      ["fold_0", { split: "folds", parts: ["fold_1", "fold_2"] }, ["fold_0"], undefined],
      ["fold_1", { split: "folds", parts: ["fold_0", "fold_2"] }, ["fold_1"], undefined],
      ["fold_2", { split: "folds", parts: ["fold_0", "fold_1"] }, ["fold_2"], undefined],
    ]); // prettier-ignore
    expect(foldPipelines({ ...pipeline, crossValidate: undefined as never })).toEqual([]);
  });

  it.each<[string, Partial<PipelineDefinition>, string]>([
    ["a metric that nobody knows", { crossValidate: { metric: "ouch" } }, "crossValidate.metric: `ouch` is no metric that models are compared by."], // prettier-ignore
    ["a count", { crossValidate: { metric: "rows" } }, "crossValidate.metric: `rows` is no metric that models are compared by."], // prettier-ignore
    ["fit rows without folds", { fit: { rows: "all" } }, "crossValidate: `fit` names no folds to leave out in turn."],
    ["a policy without folds", { fit: { split: "halves", parts: ["a"] } }, "fit.split: split policy `halves` is of type random and has no folds."], // prettier-ignore
    ["one fold", { fit: { split: "folds", parts: ["fold_0"] } }, "fit.parts: cross-validation leaves out one fold after the other."], // prettier-ignore
    ["the test part among the folds", { fit: { split: "folds", parts: ["fold_0", "test"] } }, "fit.parts: cross-validation leaves out one fold after the other."], // prettier-ignore
    ["a fold as test rows", { evaluate: { ...evaluate, test: ["fold_1"] } }, "evaluate.test: the test rows must be apart from the folds, which parts of one policy are."], // prettier-ignore
    ["test rows of another policy", { evaluate: { ...evaluate, split: "halves", test: ["a"] } }, "evaluate.split: the test rows must be apart from the folds, which parts of one policy are."], // prettier-ignore
  ])("is refused with %s", (_, more, message) => {
    expect(told(more)).toContain(message);
  });

  it("is refused without an evaluation", () => {
    const { evaluate: _, ...without } = pipeline;
    expect(foldProblems(without, () => folds).map(({ path }) => path)).toEqual([["crossValidate"]]);
  });

  it("sums up by mean and sample deviation", () => {
    // Of 2, 4 and 9: mean 5, squares 9 + 1 + 16 = 26, 26 / 2 = 13.
    expect(summariseFolds([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt(13) });
  });
});
