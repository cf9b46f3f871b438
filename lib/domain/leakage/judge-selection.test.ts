import { SEARCH } from "./codes";
import { describe, expect, it } from "vitest";
import { explainVerdict } from "./explain-verdict";
import { createLeakageJudge, judgeLeakage } from "./judge-leakage";
import { suggestFixes } from "./suggest-fixes";
import type { Box, Consumer, LeakageInput } from "./types";

const sales = (part?: string, time?: Box["time"]): Box => ({
  dataset: "sales",
  version: "1",
  ...(part && { split: { policy: "h", parts: [part] } }),
  ...(time && { time }),
});

/** A model that was trained on other rows than it is tested on, whose parameters were chosen by some. */
function chosenBy(selection: Box[], more: Partial<Consumer> = {}): LeakageInput {
  return {
    datasets: { sales: { columns: ["id", "ts"], rowKey: ["id"], timeColumn: "ts", versions: { 1: {} } } },
    policies: {
      h: {
        type: "hash",
        algo: "md5-32",
        key: "id",
        salt: "a",
        buckets: 4,
        parts: { train: [[0, 2]], validation: [[2, 3]], test: [[3, 4]] },
      },
    },
    estimators: [],
    transformers: [],
    measurements: [],
    consumer: {
      name: "m",
      features: ["amount", "age"],
      unit: ["id"],
      train: [sales("train")],
      test: [sales("test")],
      selection,
      ...more,
    },
  };
}

describe("rows that a model's parameters were chosen by", () => {
  it("change nothing when they are proved apart from the test rows", () => {
    const { selection: _, ...consumer } = chosenBy([]).consumer;
    const without = judgeLeakage({ ...chosenBy([]), consumer });
    expect(judgeLeakage(chosenBy([sales("validation")]))).toEqual(without);
    expect(without.verdict).toBe("safe");
  });

  it("leak as an estimator of class selection does, for every feature, and are explained with what helps", () => {
    const input = chosenBy([sales("validation"), sales("test")]);
    const verdict = judgeLeakage(input);
    expect(verdict).toMatchObject({ verdict: "leak", severity: "high", reasons: ["FIT_COVERS_TEST"] });
    expect(verdict.perEstimator).toEqual({ [SEARCH]: { verdict: "leak", reasons: ["FIT_COVERS_TEST"] } });
    const byFeature = createLeakageJudge(input).judgeFeatures(input.consumer, []);
    expect([...byFeature.values()].map(({ verdict: word, severity }) => [word, severity])).toEqual([
      ["leak", "high"],
      ["leak", "high"],
    ]);
    expect(explainVerdict(input, verdict)[0]).toMatch(/^The model's parameters were chosen by .*validation/);
    expect(suggestFixes(input, verdict).map(({ title }) => title)).toEqual([
      "Choose the parameters of `m` without the test rows",
    ]);
  });

  it("leave open what the unit does not determine", () => {
    const verdict = judgeLeakage(chosenBy([sales("validation")], { unit: ["ts"], train: [] }));
    expect(verdict.perEstimator[SEARCH]).toEqual({ verdict: "unknown", reasons: ["UNIT_NOT_DETERMINED"] });
  });

  it("look ahead when they come after the test rows of a model that predicts the future", () => {
    const test = [sales("test", ["2024-01-01", "2024-02-01"])];
    const later = [sales("validation", ["2024-02-01", "2024-03-01"])];
    const judged = (temporal: boolean) => judgeLeakage(chosenBy(later, { test, train: [], temporal })).reasons;
    expect(judged(true)).toEqual(["LOOKAHEAD_FIT"]);
    expect(judged(false)).toEqual(["NO_FIT_PROVENANCE"]);
  });
});
