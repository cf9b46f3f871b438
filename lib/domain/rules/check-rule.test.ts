import { describe, expect, it } from "vitest";
import { checkRule, columnsOfRule } from "./check-rule";
import type { Rule } from "../definitions/rule";

const rule = (type: string, kwargs: Rule["kwargs"]): Rule => ({ type, kwargs, severity: "critical" });
const messages = (type: string, kwargs: Rule["kwargs"]) => checkRule(rule(type, kwargs)).map((issue) => issue.message);

describe("checkRule", () => {
  it.each<[string, Rule["kwargs"]]>([
    ["expect_column_values_to_not_be_null", { column: "delay", mostly: 0.98 }],
    ["expect_column_values_to_be_between", { column: "delay", min_value: -100, strict_min: true }],
    ["expect_column_values_to_be_between", { column: "date", max_value: "2001-07-01T00:00:00Z", row_condition: 'col("delay").notNull()' }],
    ["expect_column_values_to_be_in_set", { column: "origin", value_set: ["ATL", "ORD"] }],
    ["expect_table_row_count_to_be_between", { min_value: 1 }],
    ["expect_column_quantile_values_to_be_between", { column: "delay", quantile_ranges: { quantiles: [0.5, 0.9], value_ranges: [[0, null], [null, 60]] } }],
    ["expect_column_kl_divergence_to_be_less_than", { column: "delay", partition_object: { bins: [0, 1, 2], weights: [0.5, 0.5] }, threshold: 0.1 }],
    ["expect_compound_columns_to_be_unique", { column_list: ["id", "date"], ignore_row_if: "never" }],
  ])("takes %s", (type, kwargs) => {
    expect(messages(type, kwargs)).toEqual([]);
  }); // prettier-ignore

  it.each<[string, string, Rule["kwargs"], string]>([
    ["a misspelt expectation", "expect_column_values_to_not_be_nul", { column: "a" }, "did you mean `expect_column_values_to_not_be_null`?"],
    ["a misspelt argument", "expect_column_values_to_not_be_null", { column: "a", mostyl: 1 }, "did you mean `mostly`?"],
    ["a missing column", "expect_column_values_to_be_unique", {}, "`column` is missing."],
    ["a share above 1", "expect_column_values_to_be_unique", { column: "a", mostly: 98 }, "`mostly` must be a number from 0 to 1."],
    ["no bound at all", "expect_column_mean_to_be_between", { column: "a" }, "says nothing without a bound"],
    ["bounds that exclude each other", "expect_column_mean_to_be_between", { column: "a", min_value: 2, max_value: 1 }, "nothing could ever pass"],
    ["an empty set", "expect_column_values_to_be_in_set", { column: "a", value_set: [] }, "`value_set` must be a list of values."],
    ["weights that do not add up", "expect_column_kl_divergence_to_be_less_than", { column: "a", threshold: 1, partition_object: { values: ["x"], weights: [0.5] } }, "weights that add up to 1"],
    ["quantiles of another length", "expect_column_quantile_values_to_be_between", { column: "a", quantile_ranges: { quantiles: [0.5], value_ranges: [] } }, "equal length"],
    ["a condition that calls something", "expect_column_values_to_be_unique", { column: "a", row_condition: "read_csv('/etc/passwd')" }, "row_condition"],
    ["a condition on a rule about the table's columns", "expect_column_to_exist", { column: "a", row_condition: "a == 1" }, "not an argument"],
  ])("refuses %s", (_, type, kwargs, message) => {
    expect(messages(type, kwargs).join("\n")).toContain(message);
  }); // prettier-ignore

  it("says everything at once", () => {
    expect(messages("expect_column_values_to_be_between", { colum: "a", min_value: true })).toHaveLength(3);
  });
});

describe("columnsOfRule", () => {
  it("names the columns of arguments and of the condition, each once", () => {
    const pair = rule("expect_column_pair_values_a_to_be_greater_than_b", {
      column_A: "a",
      column_B: "b",
      row_condition: 'col("c") > 1 and a == 2',
    });
    expect(columnsOfRule(pair)).toEqual(["a", "b", "c"]);
  });
  it("does not need the column whose existence is asked", () => {
    expect(columnsOfRule(rule("expect_column_to_exist", { column: "a" }))).toEqual([]);
  });
});
