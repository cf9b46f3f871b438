import { describe, expect, it } from "vitest";
import { compareVariants, type ComparedVariant } from "./compare-variants";

const variant = (stages: string[], choice: Record<string, string>, at: string, predict = stages): ComparedVariant => ({
  stages,
  choice,
  predict,
  instances: Object.fromEntries(stages.map((stage) => [stage, `${stage}@${stage === "traffic" ? 1 : at}`])),
});

const a = variant(
  ["traffic", "label", "scaler", "kmeans", "assemble", "logistic"],
  { traffic: "traffic", scaled: "scaler", segment: "kmeans", inputs: "assemble", late: "logistic", truth: "label" },
  "1",
  ["traffic", "scaler", "kmeans", "assemble", "logistic"],
);
const b = variant(
  ["traffic", "label", "bands", "assemble", "logistic"],
  { traffic: "traffic", segment: "bands", inputs: "assemble", late: "logistic", truth: "label" },
  "2",
  ["traffic", "bands", "assemble", "logistic"],
);

describe("compareVariants", () => {
  it("lists every stage once, with the side that has it, in an order in which both can run", () => {
    expect(compareVariants(a, b).stages).toEqual([
      { stage: "traffic", side: "alike" },
      { stage: "label", side: "differs" },
      { stage: "scaler", side: "a" },
      { stage: "kmeans", side: "a" },
      { stage: "bands", side: "b" },
      { stage: "assemble", side: "differs" },
      { stage: "logistic", side: "differs" },
    ]);
  });

  it("names the columns that are chosen differently and those that one side does not need", () => {
    expect(compareVariants(a, b).choices).toEqual([
      { column: "scaled", a: "scaler", b: null },
      { column: "segment", a: "kmeans", b: "bands" },
    ]);
  });

  it("compares what a prediction needs", () => {
    expect(compareVariants(a, b).predict).toEqual({
      onlyA: ["scaler", "kmeans"],
      onlyB: ["bands"],
      both: ["traffic", "assemble", "logistic"],
    });
  });

  it("finds nothing between a variant and itself", () => {
    const { stages, choices } = compareVariants(a, a);
    expect(stages.every(({ side }) => side === "alike")).toBe(true);
    expect(choices).toEqual([]);
  });

  it("mirrors when the sides are changed over", () => {
    const forth = compareVariants(a, b);
    const back = compareVariants(b, a);
    expect(back.choices.map(({ column, a: one, b: other }) => ({ column, a: other, b: one }))).toEqual(forth.choices);
    expect(new Set(back.stages.map(({ stage }) => stage))).toEqual(new Set(forth.stages.map(({ stage }) => stage)));
  });
});
