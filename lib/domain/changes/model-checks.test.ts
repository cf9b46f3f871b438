import { describe, expect, it } from "vitest";
import { checkModel, directionOf, failingHardChecks, type ModelCheckQuestion } from "./model-checks";

const ask = (more: Partial<ModelCheckQuestion> = {}) =>
  checkModel({
    alias: "production",
    rollback: false,
    leakage: { verdict: "safe", sentence: "The test score can be trusted." },
    reads: [{ feature: "airport.segment", version: 2, environments: ["dev", "staging", "production"] }],
    metrics: [{ part: "test", metric: "auc", before: 0.6, after: 0.7 }],
    sameRows: true,
    followers: [],
    ...more,
  });
const check = (name: string, more: Partial<ModelCheckQuestion> = {}) => ask(more).find((found) => found.name === name);

describe("checkModel", () => {
  it("finds nothing against a version that is safe, served and better", () => {
    expect(ask().every(({ passed }) => passed)).toBe(true);
    expect(failingHardChecks(ask())).toEqual([]);
  });

  it.each<["staging" | "production", boolean, "safe" | "unknown" | "leak", string[]]>([
    ["production", false, "leak", ["leakage"]],
    ["production", false, "unknown", []],
    ["production", false, "safe", []],
    ["production", true, "leak", []],
    ["staging", false, "leak", []],
    ["staging", true, "leak", []],
  ])("%s, rollback %s, %s", (alias, rollback, verdict, failing) => {
    const question = { alias, rollback, leakage: { verdict, sentence: "…" } };
    expect(failingHardChecks(ask(question)).map(({ name }) => name)).toEqual(failing);
    expect(check("leakage", question)?.passed).toBe(verdict === "safe");
  });

  it.each<["staging" | "production", string[], boolean]>([
    ["production", ["dev", "staging"], false],
    ["production", ["production"], true],
    ["staging", ["dev"], false],
    ["staging", ["staging"], true],
    ["staging", ["production"], true],
    ["staging", [], false],
  ])("in %s, a feature version served in %j", (alias, environments, passed) => {
    const reads = [{ feature: "flight.hour", version: 3, environments }];
    expect(check("features", { alias, reads })).toMatchObject({ grade: "soft", passed });
  });

  it.each<["staging" | "production", boolean, "soft" | "hard", number, number | null, string[], boolean | undefined]>([
    ["production", false, "hard", 21, 20, ["test rows"], false],
    ["production", false, "hard", 20, 20, [], true],
    ["production", false, "soft", 21, 20, [], false],
    ["production", true, "hard", 21, 20, [], false],
    ["staging", false, "hard", 21, 20, [], false],
    ["production", false, "hard", 21, null, [], undefined],
  ])("in %s, rollback %s, a %s budget of test rows scored %d times of %s", (alias, rollback, grade, scored, limit, failing, passed) => {
    const question = { alias, rollback, testUse: { scored, limit, check: grade } };
    expect(failingHardChecks(ask(question)).map(({ name }) => name)).toEqual(failing);
    expect(check("test rows", question)?.passed).toBe(passed);
  }); // prettier-ignore

  it("names at most three features", () => {
    const reads = [1, 2, 3, 4, 5].map((version) => ({ feature: "flight.hour", version, environments: [] }));
    expect(check("features", { reads })?.sentence).toMatch(/v1, `flight.hour` v2, `flight.hour` v3 and 2 more\.$/);
  });

  it.each<[string, Partial<ModelCheckQuestion>, string, boolean]>([
    ["no base", { metrics: [{ part: "test", metric: "auc", before: null, after: 0.7 }] }, "advisory", true],
    ["other rows", { sameRows: false }, "soft", false],
    ["worse", { metrics: [{ part: "test", metric: "auc", before: 0.8, after: 0.7 }] }, "soft", false],
    [
      "worse in training only",
      {
        metrics: [
          { part: "train", metric: "auc", before: 0.9, after: 0.1 },
          { part: "test", metric: "auc", before: 0.6, after: 0.7 },
        ],
      },
      "soft",
      true,
    ],
  ])("metrics: %s", (_, more, grade, passed) => {
    expect(check("metrics", more)).toMatchObject({ grade, passed });
  });

  it.each<[Partial<ModelCheckQuestion>["followers"], boolean, RegExp]>([
    [[], true, /^No deployment follows production/],
    [[{ deployment: "a", fits: true }], true, /^One job follows/],
    [
      [
        { deployment: "a", fits: true },
        { deployment: "b", fits: true },
      ],
      true,
      /^2 jobs follow/,
    ],
    [[{ deployment: "a", fits: false }], false, /another variant than a runs/],
  ])("jobs: %j", (followers, passed, sentence) => {
    const found = check("jobs", { followers });
    expect(found?.passed).toBe(passed);
    expect(found?.sentence).toMatch(sentence);
  });
});

describe("directionOf", () => {
  it.each<[string, number | null, number | null, string | null]>([
    ["auc", 0.6, 0.7, "better"],
    ["auc", 0.7, 0.6, "worse"],
    ["auc", 0.7, 0.7, "same"],
    ["logLoss", 0.7, 0.6, "better"],
    ["logLoss", 0.6, 0.7, "worse"],
    ["rows", 1, 2, null],
    ["auc", null, 0.7, null],
    ["auc", 0.7, null, null],
  ])("%s from %s to %s", (metric, before, after, expected) => {
    expect(directionOf({ metric, before, after })).toBe(expected);
  });
});
