import { describe, expect, it } from "vitest";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { StageDefinition } from "../definitions/stage";
import { searchProblems } from "./parameter-search";

const stages: Record<string, StageDefinition> = {
  model: { kind: "Stage", name: "model", entity: "e", estimator: "LogisticRegression", inputs: ["e.v"], fitInputs: ["e.y"], outputs: [{ column: "e.p", type: "double" }] },
  glm: { kind: "Stage", name: "glm", entity: "e", estimator: "GeneralizedLinearRegression", inputs: ["e.v"], fitInputs: ["e.y"], outputs: [{ column: "e.p", type: "double" }] },
  query: { kind: "Stage", name: "query", entity: "e", transformer: "sql", params: { statement: "SELECT 1" }, inputs: ["e.v"], outputs: [{ column: "e.q", type: "double" }] },
}; // prettier-ignore
const evaluate = { split: "s", validation: ["v"], test: ["t"], label: "e.y", model: "m", unit: ["id"] };
const base: PipelineDefinition = {
  kind: "Pipeline",
  name: "p",
  outputs: ["e.p"],
  fit: { split: "s", parts: ["f"] },
  evaluate,
  search: { metric: "auc", params: { model: { regParam: [0, 1] } } },
};
const said = (change: Partial<PipelineDefinition>) => {
  const pipeline = { ...base, ...change };
  return searchProblems(pipeline, (name) => stages[name], pipeline.fit).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
};
const asking = (search: object) => said({ search: { metric: "auc", params: {}, ...search } });

describe("what keeps a search from running", () => {
  it("is nothing for a search that can", () => {
    expect(said({})).toEqual([]);
    expect(asking({ params: { glm: { family: ["poisson"], link: ["log", "sqrt"] } } })).toEqual([]);
    expect(asking({ params: { model: { regParam: { from: 0.001, to: 1, scale: "log" } } }, trials: 9 })).toEqual([]);
  });

  it.each<[Partial<PipelineDefinition>, RegExp]>([
    [{ evaluate: undefined }, /^search: there is nothing to score/],
    [{ evaluate: { ...evaluate, validation: undefined } }, /^search: there are no rows to choose by/],
    [{ evaluate: { ...evaluate, validation: ["v", "t"] } }, /part t of s is in both `evaluate.validation` and `evaluate.test`/],
    [{ fit: { split: "s", parts: ["f", "v"] } }, /part v of s is fitted on as well/],
    [{ fit: undefined }, /part v of s is fitted on as well/],
    [{ fit: { rows: "all" } }, /part v of s is fitted on as well/],
  ])("is rows: %j", (change, expected) => {
    expect(said(change)).toEqual([expect.stringMatching(expected)]);
  }); // prettier-ignore

  it.each<[object, RegExp]>([
    [{ metric: "rows", params: { model: { regParam: [1] } } }, /^search.metric: `rows` is no metric/],
    [{ params: {} }, /^search.params: names no parameter/],
    [{ params: { model: { regParam: { from: 0, to: 1 } } } }, /^search.trials: is missing/],
    [{ params: { model: { regParam: [1, 2] } }, trials: 3 }, /^search.trials: there are only 2 combinations/],
    [{ params: { model: { maxIter: Array.from({ length: 101 }, (_, i) => i + 1) } } }, /^search.params: 101 trials are more/],
    [{ params: { model: { regParam: { from: 0, to: 1 } } }, trials: 101 }, /^search.trials: 101 trials are more/],
    [{ params: { model: { regParam: [0, -1] } } }, /^search.params.model.regParam.1: regParam of LogisticRegression must/],
    [{ params: { model: { regParm: [0, 1] } } }, /^search.params.model.regParm.0: .* Did you mean regParam/],
    [{ params: { model: { maxIter: { from: 1.5, to: 3 } } }, trials: 2 }, /^search.params.model.maxIter.from: .*whole number/],
    [{ params: { model: { fitIntercept: { from: 0, to: 1 } } }, trials: 2 }, /no number, so there is no range/],
    [{ params: { model: { regParam: { from: 1, to: 1 } } }, trials: 2 }, /the range is empty/],
    [{ params: { model: { regParam: { from: 0, to: 1, scale: "log" } } }, trials: 2 }, /begins above 0/],
    [{ params: { query: { statement: ["SELECT 1", "SELECT 2"] } } }, /SQL stage, whose statement is not tried/],
    [{ params: { glm: { family: ["gaussian", "poisson"], link: ["log", "sqrt"] } } }, /^search.params.glm: family gaussian .* has no link "sqrt"/],
  ])("is %j", (search, expected) => {
    expect(asking(search)).toEqual([expect.stringMatching(expected)]);
  }); // prettier-ignore
});
