import { describe, expect, it } from "vitest";
import { holds } from "../search/comparisons";
import { parseRunQuery } from "./run-query";

const read = (q: string, sort?: string) => {
  const { comparisons, words, issues, sort: by } = parseRunQuery(q, sort);
  return {
    comparisons: comparisons.map(({ name, sign, value }) => [name, sign, value]),
    words,
    issues: issues.map(({ path, message }) => `${path.join()}: ${message}`),
    sort: by && [by.figure.name, by.falling],
  };
};

describe("what a list of runs is asked", () => {
  it.each<[string, unknown[][], string[]]>([
    ["", [], []],
    ["late departures", [], ["late", "departures"]],
    ["metrics.test.auc > 0.8", [["metrics.test.auc", ">", 0.8]], []],
    ["metrics.test.auc>0.8", [["metrics.test.auc", ">", 0.8]], []],
    ["late metrics.test.rmse <= -1e-3 #12", [["metrics.test.rmse", "<=", -0.001]], ["late", "#12"]],
    [
      "params.late_model.regParam<0.1 params.tree.impurity = gini params.m.fitIntercept != false",
      [["params.late_model.regParam", "<", 0.1], ["params.tree.impurity", "=", "gini"], ["params.m.fitIntercept", "!=", false]],
      [],
    ],
    ['params.index.handleInvalid == "keep"', [["params.index.handleInvalid", "=", "keep"]], []],
  ])("%s", (q, comparisons, words) => {
    expect(read(q)).toEqual({ comparisons, words, issues: [], sort: null });
  }); // prettier-ignore

  it.each<[string, string]>([
    ["metrics.test.auc", "q: `metrics.test.auc` is compared with nothing."],
    ["metrics.test.auc >", "q: `metrics.test.auc` is compared with nothing."],
    ["metrics.test.auk > 1", "q: There is no metric `auk`. Did you mean auc?"],
    ["metrics.tset.auc > 1", "q: `tset` in `metrics.tset.auc` is no part that runs are judged on. Did you mean test?"],
    ["metrics.auc > 1", "q: `metrics.auc` names no figure of a run."],
    ["params.a.b.c = 1", "q: `params.a.b.c` names no figure of a run."],
    ["metrics.test.auc > high", "q: `metrics.test.auc` > is followed by no number."],
    ["params.m.impurity < gini", "q: `params.m.impurity` < is followed by no number."],
  ])("refuses %s", (q, message) => {
    expect(read(q).issues).toEqual([message]);
  });

  it("is sorted by a figure, falling where a minus is before it", () => {
    expect(read("", "-metrics.test.auc").sort).toEqual(["metrics.test.auc", true]);
    expect(read("", "params.m.regParam").sort).toEqual(["params.m.regParam", false]);
    expect(read("", "number").issues).toEqual(["sort: `number` names no figure of a run."]);
  });

  it.each([
    [1, "<", 2, true],
    [2, "<", 2, false],
    [2, "<=", 2, true],
    [3, ">", 2, true],
    [2, ">=", 2, true],
    ["gini", "=", "gini", true],
    ["gini", "!=", "entropy", true],
    [undefined, "!=", 1, false],
    [null, "<", 1, false],
    ["auto", "<", 1, false],
    ["auto", "!=", 1, true],
  ] as const)("%j %s %j is %j", (found, sign, value, expected) => {
    expect(holds(found, { sign, value })).toBe(expected);
  });
});
