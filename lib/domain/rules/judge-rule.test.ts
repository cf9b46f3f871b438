import { describe, expect, it } from "vitest";
import { judgeRule, toSuiteResult } from "./judge-rule";
import type { Measured } from "./rule-result";
import type { Json, Rule } from "../definitions/rule";

const rule = (type: string, kwargs: Rule["kwargs"]): Rule => ({ type, kwargs, severity: "critical" });
const map = (elements: number, missing: number, unexpected: number): Measured => ({
  family: "map",
  elements,
  missing,
  unexpected,
  sample: [],
  counts: [],
});
const figure = (observed: Json): Measured => ({ family: "aggregate", observed, elements: 10, missing: 0 });

describe("a map expectation", () => {
  const unique = (mostly?: number) =>
    rule("expect_column_values_to_be_unique", { column: "a", ...(mostly !== undefined && { mostly }) });

  it.each<[string, Rule, Measured, boolean]>([
    ["all as expected", unique(), map(10, 0, 0), true],
    ["one not", unique(), map(10, 0, 1), false],
    ["one not, nine of ten are enough", unique(0.9), map(10, 0, 1), true],
    ["missing values do not count", unique(0.9), map(100, 90, 2), false],
    ["nothing to judge", unique(), map(10, 10, 0), true],
    ["no rows", unique(), map(0, 0, 0), true],
    ["null values are the question", rule("expect_column_values_to_not_be_null", { column: "a", mostly: 0.9 }), map(10, 0, 1), true],
  ])("%s", (_, given, measured, success) => {
    expect(judgeRule(given, measured).success).toBe(success);
  }); // prettier-ignore

  it("gives Great Expectations' figures, in per cent", () => {
    expect(judgeRule(unique(), map(10, 2, 4)).result).toEqual({
      element_count: 10, missing_count: 2, missing_percent: 20, unexpected_count: 4, unexpected_percent: 50,
      unexpected_percent_total: 40, unexpected_percent_nonmissing: 50, partial_unexpected_list: [], partial_unexpected_counts: [],
    }); // prettier-ignore
  });

  it("has no percentage of nothing", () => {
    expect(judgeRule(unique(), map(0, 0, 0)).result).toMatchObject({ missing_percent: null, unexpected_percent: null });
  });
});

describe("a figure between bounds", () => {
  it.each<[Json, Rule["kwargs"], boolean]>([
    [5, { min_value: 5, max_value: 5 }, true],
    [5, { min_value: 5, strict_min: true }, false],
    ["9223372036854775799", { max_value: "9223372036854775798" }, false],
    ["9223372036854775798", { max_value: "9223372036854775798" }, true],
    ["-9223372036854775799", { min_value: "-9223372036854775798" }, false],
    [5, { max_value: "9223372036854775798" }, true],
    [5, { max_value: 5, strict_max: true }, false],
    [null, { min_value: 0 }, false],
    ["NaN", { max_value: 5 }, false],
    ["NaN", { min_value: 5, max_value: 1e300 }, false],
    ["9007199254740993", { min_value: 9e15 }, true],
    ["2001-06-30 23:59:00", { max_value: "2001-07-01T00:00:00Z" }, true],
    ["2001-07-02", { max_value: "2001-07-01" }, false],
    ["ATL", { min_value: "ABC" }, true],
  ])("%j within %j: %s", (observed, kwargs, success) => {
    expect(
      judgeRule(rule("expect_column_max_to_be_between", { column: "a", ...kwargs }), figure(observed)).success,
    ).toBe(success);
  });
});

describe("other figures", () => {
  it("judges each quantile", () => {
    const given = rule("expect_column_quantile_values_to_be_between", {
      column: "a",
      quantile_ranges: { quantiles: [0.1, 0.9], value_ranges: [[0, 2], [null, 5]] },
    }); // prettier-ignore
    expect(judgeRule(given, figure([1, 7]))).toMatchObject({
      success: false,
      result: {
        observed_value: { quantiles: [0.1, 0.9], values: [1, 7] },
        details: { success_details: [true, false] },
      },
    });
  });

  it.each([
    [["a"], false, true],
    [["b"], false, false],
    [["a", "b"], false, false],
    [["a", "b"], true, true],
  ])("most common %j with ties_okay %s", (observed, ties_okay, success) => {
    const given = rule("expect_column_most_common_value_to_be_in_set", { column: "c", value_set: ["a"], ties_okay });
    expect(judgeRule(given, figure(observed)).success).toBe(success);
  });

  it.each([
    ["bigint", "INTEGER", true],
    ["bigint", "int64", true],
    ["string", "StringType", true],
    ["double", "BIGINT", false],
  ])("%s is %s: %s", (observed, type_, success) => {
    expect(
      judgeRule(rule("expect_column_values_to_be_of_type", { column: "a", type_ }), figure(observed)).success,
    ).toBe(success);
  });

  it("says which columns are too many and too few", () => {
    const given = rule("expect_table_columns_to_match_set", { column_set: ["a", "b"] });
    const result = judgeRule(given, { family: "table", observed: ["b", "c"] });
    expect(result).toMatchObject({
      success: false,
      result: { details: { mismatched: { missing: ["a"], unexpected: ["c"] } } },
    });
    expect(
      judgeRule(
        { ...given, kwargs: { ...given.kwargs, exact_match: false } },
        { family: "table", observed: ["a", "b", "c"] },
      ).success,
    ).toBe(true);
  });
});

describe("a suite", () => {
  it("counts, and is not a success when something could not be measured", () => {
    const failed = judgeRule(rule("expect_column_max_to_be_between", { column: "x", min_value: 1 }), {
      family: "failed",
      message: "There is no column x.",
    });
    expect(failed).toMatchObject({
      success: false,
      exception_info: { raised_exception: true, exception_message: "There is no column x." },
    });
    expect(toSuiteResult([failed])).toMatchObject({
      success: false,
      statistics: { evaluated_expectations: 1, success_percent: 0 },
    });
    expect(toSuiteResult([])).toMatchObject({ success: true, statistics: { success_percent: null } });
  });
});
