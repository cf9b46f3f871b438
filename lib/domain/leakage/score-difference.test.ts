import { describe, expect, it } from "vitest";
import { questionOf, type ScoredVersion, scoreDifferences } from "./score-difference";
import type { LeakageInput } from "./types";

const version = (
  number: number,
  verdict: ScoredVersion["verdict"],
  metrics: Record<string, number>,
  question = "q",
) => ({
  version: number,
  verdict,
  metrics,
  question,
});

describe("what leakage made of a score", () => {
  it("is the leaking score above the newest honest one of the same question", () => {
    expect(
      scoreDifferences([
        version(1, "leak", { auc: 0.84, brier: 0.1 }),
        version(2, "safe", { auc: 0.72 }),
        version(3, "safe", { auc: 0.71 }),
        version(4, "safe", { auc: 0.6 }, "another"),
        version(5, "unknown", { auc: 0.5 }),
      ]),
    ).toEqual([
      { leaking: 1, honest: 3, metric: "auc", leakingScore: 0.84, honestScore: 0.71, difference: expect.closeTo(0.13) },
    ]);
  });

  it("is an error that looks smaller than it is, where less is better, and negative where leaking did not help", () => {
    const of = (leaking: number, honest: number) =>
      scoreDifferences([version(1, "leak", { rmse: leaking }), version(2, "safe", { rmse: honest })])[0]?.difference;
    expect(of(3, 4.5)).toBe(1.5);
    expect(of(4.5, 3)).toBe(-1.5);
  });

  it.each([
    ["no honest version", [version(1, "leak", { auc: 1 }), version(2, "leak", { auc: 1 })]],
    ["no score", [version(1, "leak", {}), version(2, "safe", { auc: 1 })]],
    ["another metric", [version(1, "leak", { rmse: 1 }), version(2, "safe", { auc: 1 })]],
    ["another question", [version(1, "leak", { auc: 1 }), version(2, "safe", { auc: 1 }, "r")]],
    ["nothing that leaks", [version(1, "safe", { auc: 1 }), version(2, "safe", { auc: 1 })]],
  ])("is not known with %s", (_, versions) => {
    expect(scoreDifferences(versions)).toEqual([]);
  });
});

describe("whether two versions were asked the same", () => {
  const input = (
    change: Partial<LeakageInput["consumer"]> = {},
    cut = "2001-05-01",
    policyVersion = 1,
  ): LeakageInput => {
    const box = (part: string) => [
      { dataset: "d", version: "1", split: { policy: "by_month", version: policyVersion, parts: [part] } },
    ];
    return {
      datasets: {},
      policies: {
        [`by_month@${policyVersion}`]: { type: "time", column: "at", parts: { train: [null, cut], test: [cut, null] } },
      },
      estimators: [],
      transformers: [],
      measurements: [],
      consumer: { features: ["f"], label: "y", unit: ["id"], train: box("train"), test: box("test"), ...change },
    };
  };
  const question = questionOf(input(), "s");

  it.each([
    ["the same", input(), "s", true],
    ["other words about the policy", input({}, "2001-05-01", 2), "s", true],
    ["another boundary", input({}, "2001-04-01"), "s", false],
    ["another computation", input(), "t", false],
    ["other training rows", input({ train: [{ dataset: "d", version: "1" }] }), "s", false],
    ["another version of the data", input({ test: [{ dataset: "d", version: "2" }] }), "s", false],
    ["another label", input({ label: "z" }), "s", false],
  ])("%s", (_, other, signature, expected) => {
    expect(questionOf(other, signature) === question).toBe(expected);
  });
});
