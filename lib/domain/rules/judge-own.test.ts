import { describe, expect, it } from "vitest";
import { judgeRule } from "./judge-rule";
import type { Measured } from "./rule-result";
import type { Json, Rule } from "../definitions/rule";

const judge = (type: string, kwargs: Rule["kwargs"], measured: Measured) =>
  judgeRule({ type, kwargs, severity: "warning" }, measured);
const figure = (observed: Json): Measured => ({ family: "aggregate", observed, elements: 100, missing: 0 });

describe("data tests of our own", () => {
  it.each<[string, Rule["kwargs"], Json, boolean]>([
    ["feature_label_relation_to_be_between", { min_value: 0.01, max_value: 0.95 }, 0.3, true],
    ["feature_label_relation_to_be_between", { min_value: 0.01, max_value: 0.95 }, 0.99, false],
    ["feature_label_relation_to_be_between", { min_value: 0.01 }, 0.001, false],
    ["feature_label_relation_to_be_between", { min_value: 0.01 }, null, false],
    ["feature_label_relation_to_be_between", { max_value: 0.95 }, null, true],
    ["feature_correlation_to_be_at_most", { threshold: 0.9 }, 0.9, true],
    ["feature_correlation_to_be_at_most", { threshold: 0.9 }, 0.91, false],
    ["feature_correlation_to_be_at_most", { threshold: 0.9 }, null, true],
    ["feature_cost_to_be_at_most", { max_rows: 10, max_bytes: 100 }, { rows: 10, bytes: 100, milliseconds: 5 }, true],
    ["feature_cost_to_be_at_most", { max_bytes: 99 }, { rows: 10, bytes: 100, milliseconds: 5 }, false],
    ["feature_cost_to_be_at_most", { max_milliseconds: 10 }, { rows: 10, bytes: 100, milliseconds: null }, false],
  ])("%s %j of %j: %s", (type, kwargs, observed, success) => {
    expect(judge(type, kwargs, figure(observed)).success).toBe(success);
  }); // prettier-ignore

  it("says which budget is overspent", () => {
    const { result } = judge(
      "feature_cost_to_be_at_most",
      { max_bytes: 1, max_rows: 99 },
      figure({ rows: 10, bytes: 100 }),
    );
    expect(result.details).toEqual({ over_budget: ["bytes"] });
  });
});

describe("personal data", () => {
  const found = (kinds: number, byName: string | null): Measured => ({
    family: "personal",
    elements: 10,
    missing: 2,
    sampled: 8,
    unexpected: kinds,
    byName,
    found: kinds === 0 ? [] : [{ kind: "email", values: kinds, examples: ["axx@x.xx"] }],
  });
  it.each<[string, Measured, Json | undefined, boolean]>([
    ["nothing found", found(0, null), "none", true],
    ["found where nothing is declared", found(1, null), "none", false],
    ["found where only `internal` is declared", found(1, null), "internal", false],
    ["promised by the name", found(0, "phone numbers"), "none", false],
    ["found where it is declared", found(3, "e-mail addresses"), "personal", true],
    ["found in special data", found(3, null), "special", true],
  ])("%s", (_, measured, sensitivity, success) => {
    const kwargs = { column: "a", ...(sensitivity !== undefined && { sensitivity }) };
    expect(judge("values_to_hold_no_personal_data", kwargs, measured).success).toBe(success);
  });

  it("has Great Expectations' members, examples masked", () => {
    const { result } = judge("values_to_hold_no_personal_data", { column: "a", sensitivity: "none" }, found(2, null));
    expect(result).toMatchObject({
      element_count: 10,
      missing_count: 2,
      unexpected_count: 2,
      unexpected_percent: 25,
      partial_unexpected_list: ["axx@x.xx"],
      observed_value: ["e-mail addresses"],
    });
  });
});
