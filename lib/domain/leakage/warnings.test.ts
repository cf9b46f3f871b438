import { describe, expect, it } from "vitest";
import { judgeEachFeature } from "./judge-each-feature";
import { judgeLeakage } from "./judge-leakage";
import { explainVerdict } from "./explain-verdict";
import type { Consumer, LeakageInput } from "./types";

const input = (consumer: Partial<Consumer>): LeakageInput => ({
  datasets: { trips: { columns: ["id"], rowKey: ["id"], versions: { 1: {} } } },
  policies: {},
  estimators: [],
  transformers: [],
  consumer: { features: ["trip.fare", "trip.hour"], unit: ["id"], train: [], test: [{ dataset: "trips", version: "1" }], ...consumer }, // prettier-ignore
  measurements: [],
});

describe("target proxies", () => {
  const proxied = input({ targetProxies: [{ feature: "trip.fare", measure: "auc", value: 0.99996, rows: 1200 }] });

  it("are a warning with its figure, which is not rounded up to perfect, and leave the verdict", () => {
    const verdict = judgeLeakage(proxied);
    expect([verdict.verdict, verdict.warnings]).toEqual(["safe", ["TARGET_PROXY"]]);
    expect(explainVerdict(proxied, verdict).at(-1)).toBe(
      "`trip.fare` alone reaches an AUC of 0.9999 on 1,200 validation rows: it may be the label in other words, or be known only after it.",
    );
  });

  it("are said of their own feature alone", () => {
    const warnings = judgeEachFeature(proxied).map((one) => [one.feature, one.warnings]);
    expect(warnings).toEqual([
      ["trip.fare", ["TARGET_PROXY"]],
      ["trip.hour", []],
    ]);
  });

  it("of inputs that name no entity are found by their name", () => {
    const bare = input({ targetProxies: [{ feature: "hour", measure: "r2", value: 0.98, rows: 40 }] });
    expect(judgeEachFeature(bare).map(({ warnings }) => warnings)).toEqual([[], ["TARGET_PROXY"]]);
  });
});

it.each<[number, number | undefined, string[]]>([
  [21, 20, ["TEST_SET_REUSE"]],
  [20, 20, []],
  [500, undefined, []],
])("test rows scored %d times of %s", (testScored, testScoredLimit, warnings) => {
  const reused = input({ testScored, ...(testScoredLimit !== undefined && { testScoredLimit }) });
  const verdict = judgeLeakage(reused);
  expect(verdict.warnings).toEqual(warnings);
  if (warnings.length > 0)
    expect(explainVerdict(reused, verdict).at(-1)).toBe(
      "The test rows were scored 21 times, by whichever models, and 20 times is the limit: choices may have adapted to them.",
    );
});
