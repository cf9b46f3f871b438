import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FitRows, StageDefinition } from "../definitions/stage";
import type { PipelineDefinition } from "../definitions/pipeline";
import { choosePrediction, finalEstimators, fitOfPrediction } from "./evaluation-target";
import { explainFitOnTestRows } from "./fit-on-test-rows";
import type { Instance } from "./instances";

const stage = (name: string, more: Partial<StageDefinition> = {}): StageDefinition => ({
  kind: "Stage",
  name,
  entity: "e",
  inputs: [],
  outputs: [{ column: `e.${name}`, type: "double" }],
  ...more,
});
const supervised = (name: string, fitInputs: string[]): Partial<StageDefinition> => ({
  name,
  estimator: "LogisticRegression",
  fitInputs,
});

const STAGES = [
  stage("scaler", { estimator: "StandardScaler" }),
  stage("sql", { transformer: "sql" }),
  stage("lr", supervised("lr", ["e.y"])),
  stage("tree", supervised("tree", ["e.y"])),
  stage("other", supervised("other", ["e.z"])),
  stage("relabelled", { ...supervised("relabelled", ["e.y"]), class: "statistic" }),
];
const writersOf = (column: string) =>
  STAGES.filter(({ outputs }) => outputs.some((output) => output.column === column));
const evaluate = { split: "s", test: ["test"], label: "e.y", model: "m", unit: ["id"] };
const columns = STAGES.map(({ name }) => `e.${name}`);

describe("choosePrediction", () => {
  it.each<[string[], string | undefined, string | null, string[]]>([
    [["e.lr"], undefined, "e.lr", ["e.lr"]],
    [["e.scaler", "e.lr", "e.sql"], undefined, "e.lr", ["e.lr"]],
    [["e.lr", "e.tree"], undefined, null, ["e.lr", "e.tree"]],
    [["e.lr", "e.tree"], "e.tree", "e.tree", ["e.lr", "e.tree"]],
    [["e.lr"], "e.tree", null, ["e.lr"]],
    [["e.scaler", "e.lr"], "e.scaler", null, ["e.lr"]],
    [["e.other"], undefined, null, []],
    [["e.relabelled", "e.scaler"], undefined, null, []],
    [["e.lr", "e.lr"], undefined, "e.lr", ["e.lr"]],
  ])("of %j with %s named is %s", (outputs, prediction, chosen, candidates) => {
    const pipeline = { outputs, evaluate: { ...evaluate, ...(prediction && { prediction }) } };
    expect(choosePrediction(pipeline, writersOf)).toEqual({ prediction: chosen, candidates });
  });

  it("does not depend on the order of outputs", () => {
    fc.assert(
      fc.property(
        fc.subarray(columns),
        fc.option(fc.constantFrom(...columns)),
        fc.infiniteStream(fc.nat()),
        (some, named, dice) => {
          const shuffled = some.map((column) => ({ column, at: dice.next().value ?? 0 })).sort((a, b) => a.at - b.at);
          const of = (outputs: string[]) =>
            choosePrediction(
              { outputs, evaluate: { ...evaluate, ...(named !== null && { prediction: named }) } },
              writersOf,
            );
          expect(of(shuffled.map(({ column }) => column))).toEqual(of(some));
        },
      ),
    );
  });
});

describe("finalEstimators", () => {
  const graph: Record<string, string[]> = {
    sql: [],
    scaler: ["sql"],
    lr: ["scaler"],
    tree: ["sql"],
    other: ["lr"],
  };
  const instances = Object.entries(graph).map(
    ([name, inputs]) =>
      ({
        key: name,
        stage: name,
        inputs: Object.fromEntries(inputs.map((one) => [`e.${one}`, { instance: one }])),
      }) as unknown as Instance,
  );
  const definitionOf = ({ stage: name }: Instance) => STAGES.find((one) => one.name === name) as StageDefinition;
  const of = (outputs: string[]) => finalEstimators(instances, definitionOf, outputs).map(({ stage: name }) => name);

  it.each<[string[], string[]]>([
    [["e.other"], ["other"]],
    [["e.scaler"], ["scaler"]],
    [["e.scaler", "e.lr"], ["lr"]],
    [
      ["e.lr", "e.tree"],
      ["lr", "tree"],
    ],
    [["e.scaler", "e.tree"], ["tree"]],
    [["e.sql"], ["tree", "other"]],
  ])("of %j are %j, whatever their order", (outputs, expected) => {
    expect(of(outputs)).toEqual(expected);
    expect(of([...outputs].reverse())).toEqual(expected);
  });
});

describe("a fit on the test rows", () => {
  it.each<[FitRows | undefined, string[], RegExp | null]>([
    [undefined, ["test"], /without `fit`, it is fitted on all rows/],
    [{ rows: "all" }, ["test"], /`fit` names all rows/],
    [{ split: "s", parts: ["train", "test"] }, ["test"], /part test of s is in both/],
    [{ split: "s", parts: ["train"] }, ["test"], null],
    [{ split: "t", parts: ["test"] }, ["test"], null],
  ])("%j tested on %j", (fit, test, message) => {
    const found = explainFitOnTestRows(fit, { ...evaluate, test });
    if (message === null) expect(found).toBeNull();
    else expect(found).toMatch(new RegExp(`^it is evaluated on rows that it is fitted on.*${message.source}`));
  });

  it("is that of the estimator itself, unless the pipeline refits it", () => {
    const own: FitRows = { rows: "all" };
    const fit: FitRows = { split: "s", parts: ["train"] };
    const pipeline: Pick<PipelineDefinition, "outputs" | "evaluate" | "fit"> = { outputs: ["e.lr"], evaluate, fit };
    const owned = () => [{ ...(STAGES[2] as StageDefinition), fit: own }];
    expect(fitOfPrediction(pipeline, writersOf)).toEqual(fit);
    expect(fitOfPrediction(pipeline, owned)).toEqual(own);
    expect(fitOfPrediction({ ...pipeline, refit: ["lr"] }, owned)).toEqual(fit);
  });
});
