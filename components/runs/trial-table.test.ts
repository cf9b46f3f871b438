import { describe, expect, it } from "vitest";
import type { RunSearch } from "@/lib/contracts/runs";
import { compareTrials, paramsOfTrials, valueInWords } from "./trial-table";

const trial = (number: number, score: number | null, depth: number, impurity: string): RunSearch["trials"][number] => ({
  number,
  params: { tree: { maxDepth: depth, impurity } },
  score,
  deviation: null,
  scores: {},
  interval: null,
  seconds: 1,
  fitted: 1,
  reused: 0,
  error: score === null ? "no" : null,
});
const trials = [trial(1, 0.7, 10, "gini"), trial(2, null, 9, "entropy"), trial(3, 0.9, 2, "gini"), trial(4, 0.7, 3, "entropy")]; // prettier-ignore
const order = (by: Parameters<typeof compareTrials>[2]["by"], falling: boolean) =>
  trials.toSorted((one, other) => compareTrials(one, other, { by, falling })).map(({ number }) => number);

describe("the table of trials", () => {
  it("names what varies, and its values", () => {
    expect(paramsOfTrials(trials)).toEqual(["tree.maxDepth", "tree.impurity"]);
    expect(valueInWords(trials[0]!, "tree.maxDepth")).toBe("10");
    expect(valueInWords(trials[0]!, "tree.impurity")).toBe("gini");
  });

  it("sorts numbers by size, texts by letter, and trials without a score last", () => {
    expect(order("score", true)).toEqual([3, 1, 4, 2]);
    expect(order("score", false)).toEqual([1, 4, 3, 2]);
    expect(order("params.tree.maxDepth", false)).toEqual([3, 4, 2, 1]);
    expect(order("params.tree.impurity", false)).toEqual([2, 4, 1, 3]);
  });
});
