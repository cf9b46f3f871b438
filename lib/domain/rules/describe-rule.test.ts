import { describe, expect, it } from "vitest";
import { describeRule } from "./describe-rule";
import { EXPECTATIONS } from "./expectations";
import type { Rule } from "../definitions/rule";

const rule = (type: string, kwargs: Rule["kwargs"]): Rule => ({ type, kwargs, severity: "critical" });

describe("describeRule", () => {
  it.each<[string, Rule["kwargs"], string]>([
    ["expect_column_values_to_not_be_null", { column: "speed" }, "speed: values are not null"],
    ["expect_column_values_to_be_null", { column: "speed" }, "speed: values are null"],
    ["expect_column_values_to_be_unique", { column: "id", mostly: 0.95 }, "id: values are unique, at least 95 % of them"],
    ["expect_column_values_to_be_between", { column: "a", min_value: 0 }, "a: values are at least 0"],
    ["expect_column_values_to_be_between", { column: "a", min_value: 0, max_value: 1.5, strict_max: true }, "a: values are at least 0 and below 1.5"],
    ["expect_table_row_count_to_be_between", { min_value: 1_000_000 }, "row count is at least 1,000,000"],
    ["expect_column_max_to_be_between", { column: "a", max_value: 20 }, "a: max is at most 20"],
    ["expect_column_proportion_of_unique_values_to_be_between", { column: "a", min_value: 0.5 }, "a: proportion of unique values is at least 0.5"],
    ["expect_column_values_to_be_in_set", { column: "a", value_set: ["x", 2] }, 'a: values are one of "x", 2'],
    ["expect_column_values_to_not_be_in_set", { column: "a", value_set: ["x"] }, 'a: values are none of "x"'],
    ["expect_column_most_common_value_to_be_in_set", { column: "a", value_set: ["x"], ties_okay: true }, 'a: most common value is one of "x" (ties okay true)'],
    ["expect_column_values_to_match_regex", { column: "a", regex: "^[A-Z]+$" }, "a: values match ^[A-Z]+$"],
    ["expect_column_values_to_not_match_regex", { column: "a", regex: "x" }, "a: values do not match x"],
    ["expect_column_values_to_be_of_type", { column: "a", type_: "double" }, "a: values are of type double"],
    ["expect_column_value_lengths_to_equal", { column: "a", value: 3 }, "a: value lengths equal (value 3)"],
    ["expect_column_to_exist", { column: "a" }, "a: exists"],
    ["expect_table_columns_to_match_set", { column_set: ["a"] }, 'columns match set (column set ["a"])'],
    ["expect_column_pair_values_a_to_be_greater_than_b", { column_A: "a", column_B: "b" }, "a, b: pair values a are greater than b"],
    ["expect_compound_columns_to_be_unique", { column_list: ["a", "b"] }, "a, b: compound columns are unique"],
    ["expect_column_distinct_values_to_equal_set", { column: "a", value_set: ["x", 1] }, 'a: distinct values are exactly "x", 1'],
    ["expect_column_distinct_values_to_contain_set", { column: "a", value_set: ["x"] }, 'a: distinct values include "x"'],
    ["expect_column_values_to_match_regex_list", { column: "a", regex_list: ["x", "y"], match_on: "all" }, 'a: values match all of "x", "y"'],
    ["expect_column_values_to_not_match_regex_list", { column: "a", regex_list: ["x", "y"] }, 'a: values match none of "x", "y"'],
    ["expect_column_values_to_match_strftime_format", { column: "a", strftime_format: "%Y" }, "a: values match the time format %Y"],
    ["expect_column_value_z_scores_to_be_less_than", { column: "a", threshold: 3, double_sided: true }, "a: value z scores are less than 3 (double sided true)"],
    ["expect_column_pair_values_to_be_in_set", { column_A: "a", column_B: "b", value_pairs_set: [[1, 2]] }, "a, b: pair values are one of [1,2]"],
    ["expect_multicolumn_sum_to_equal", { column_list: ["a", "b"], sum_total: 4 }, "a, b: multicolumn sum is 4"],
    ["feature_correlation_to_be_at_most", { column: "a", threshold: 0.9 }, "a: correlation is at most 0.9"],
    ["expect_column_values_to_be_increasing", { column: "a", row_condition: "b > 1" }, "a: values are increasing where b > 1"],
    ["values_to_hold_no_personal_data", { column: "a" }, "a: values hold no personal data"],
  ])("%s %j", (type, kwargs, words) => {
    expect(describeRule(rule(type, kwargs))).toBe(words);
  }); // prettier-ignore

  it.each(Object.keys(EXPECTATIONS))("says something whole of %s with the least arguments", (type) => {
    const words = describeRule(rule(type, { column: "a", regex: "x", type_: "int" }));
    expect(words).toMatch(/^a: \S/);
    expect(words).not.toMatch(/undefined|\s$| {2}/);
  });
});
