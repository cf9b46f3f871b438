import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proposeRules } from "./propose-rules";
import { checkRule } from "./check-rule";
import type { Rule } from "../definitions/rule";
import { readSuite, writeSuite } from "./suite-json";

/** As `context.save_expectation_suite` of 0.18 writes it after profiling. */
const SUITE_0_18 = {
  data_asset_type: null,
  expectation_suite_name: "taxi.warning",
  expectations: [
    { expectation_type: "expect_table_row_count_to_be_between", ge_cloud_id: null, kwargs: { max_value: 10000, min_value: 10000 }, meta: {} },
    { expectation_type: "expect_column_values_to_be_between", kwargs: { auto: true, column: "pickup_datetime", min_value: "2019-01-01 00:00:00", max_value: "2019-01-31 23:59:59", mostly: 0.99, parse_strings_as_datetimes: true, profiler_config: { name: "p", rules: {} } }, meta: { profiler_details: { metric_configuration: { metric_name: "column.min" } } } },
    { expectation_type: "expect_column_values_to_be_in_set", kwargs: { column: "vendor_id", value_set: [1, 2, 4], row_condition: "passenger_count > 0", condition_parser: "pandas", result_format: { result_format: "COMPLETE" } }, meta: {} },
    { expectation_type: "expect_column_quantile_values_to_be_between", kwargs: { allow_relative_error: false, column: "fare_amount", quantile_ranges: { quantiles: [0.05, 0.5, 0.95], value_ranges: [[3, 5], [8, 10], [30, 45]] } }, meta: {} },
  ],
  ge_cloud_id: null,
  meta: { citations: [{ citation_date: "2023-11-01T00:00:00.000Z" }], great_expectations_version: "0.18.3" },
}; // prettier-ignore

/** As `suite.save()` of 1.x writes it. */
const SUITE_1 = {
  expectations: [
    { id: "8d3f4a4e-0c53-4a4e-9a0c-0b1b7b0c5a11", kwargs: { column: "id", mostly: 1 }, meta: {}, rendered_content: [], severity: "critical", type: "expect_column_values_to_not_be_null" },
    { id: "5a5a7f0e-1111-4b4b-8c8c-2d2d3e3e4f4f", kwargs: { batch_id: "b", column_A: "shipped", column_B: "ordered", or_equal: true, ignore_row_if: "either_value_is_missing" }, meta: { note: "time flows" }, notes: "checked by hand", severity: "warning", type: "expect_column_pair_values_a_to_be_greater_than_b" },
    { id: "77777777-2222-4b4b-8c8c-2d2d3e3e4f4f", kwargs: { column_list: ["id", "day"], row_condition: 'col("day").notNull()', condition_parser: "great_expectations" }, meta: {}, severity: "info", type: "expect_compound_columns_to_be_unique" },
  ],
  id: "0c53a4e0-8d3f-4a4e-9a0c-0b1b7b0c5a11",
  meta: { great_expectations_version: "1.6.1" },
  name: "orders",
  notes: null,
}; // prettier-ignore

describe("readSuite", () => {
  it("reads a suite of version 1", () => {
    const suite = { name: "flights", meta: { great_expectations_version: "1.6.0" }, expectations: [{ id: "x", type: "expect_column_values_to_be_unique", kwargs: { column: "id", mostly: null, batch_id: "b" }, meta: {}, severity: "warning" }] }; // prettier-ignore
    expect(readSuite(suite)).toEqual({
      name: "flights",
      rules: [{ type: "expect_column_values_to_be_unique", kwargs: { column: "id" }, severity: "warning" }],
    });
  });

  it("reads a suite of version 0, where everything is critical", () => {
    const suite = { expectation_suite_name: "old", expectations: [{ expectation_type: "expect_column_to_exist", kwargs: { column: "id", result_format: "BASIC" }, meta: { note: "n" } }] }; // prettier-ignore
    expect(readSuite(suite)).toEqual({
      name: "old",
      rules: [{ type: "expect_column_to_exist", kwargs: { column: "id" }, severity: "critical", meta: { note: "n" } }],
    });
  });

  it("reads a suite as Great Expectations 0.18 saves it", () => {
    expect(readSuite(SUITE_0_18)).toEqual({
      name: "taxi.warning",
      rules: [
        { type: "expect_table_row_count_to_be_between", kwargs: { max_value: 10000, min_value: 10000 }, severity: "critical" },
        { type: "expect_column_values_to_be_between", kwargs: { column: "pickup_datetime", min_value: "2019-01-01 00:00:00", max_value: "2019-01-31 23:59:59", mostly: 0.99 }, severity: "critical", meta: { profiler_details: { metric_configuration: { metric_name: "column.min" } } } },
        { type: "expect_column_values_to_be_in_set", kwargs: { column: "vendor_id", value_set: [1, 2, 4], row_condition: "passenger_count > 0", condition_parser: "pandas" }, severity: "critical" },
        { type: "expect_column_quantile_values_to_be_between", kwargs: { column: "fare_amount", allow_relative_error: false, quantile_ranges: { quantiles: [0.05, 0.5, 0.95], value_ranges: [[3, 5], [8, 10], [30, 45]] } }, severity: "critical" },
      ],
    });
  }); // prettier-ignore

  it("reads a suite as Great Expectations 1.x saves it", () => {
    expect(readSuite(SUITE_1)).toEqual({
      name: "orders",
      rules: [
        { type: "expect_column_values_to_not_be_null", kwargs: { column: "id", mostly: 1 }, severity: "critical" },
        { type: "expect_column_pair_values_a_to_be_greater_than_b", kwargs: { column_A: "shipped", column_B: "ordered", or_equal: true, ignore_row_if: "either_value_is_missing" }, severity: "warning", meta: { note: "time flows" } },
        { type: "expect_compound_columns_to_be_unique", kwargs: { column_list: ["id", "day"], row_condition: 'col("day").notNull()', condition_parser: "great_expectations" }, severity: "info" },
      ],
    });
  }); // prettier-ignore

  it("keeps rules that Great Expectations does not know apart, and reads them back", () => {
    const rules: Rule[] = [
      { type: "values_to_hold_no_personal_data", kwargs: { column: "note" }, severity: "critical" },
      { type: "expect_column_values_to_be_unique", kwargs: { column: "id" }, severity: "critical" },
      { type: "feature_correlation_to_be_at_most", kwargs: { column: "a", threshold: 0.9 }, severity: "warning" },
    ];
    const suite = writeSuite("s", rules);
    expect(suite.expectations.map(({ type }) => type)).toEqual(["expect_column_values_to_be_unique"]);
    expect(Object.keys(suite)).toEqual(["name", "expectations", "meta"]);
    const back = readSuite(JSON.parse(JSON.stringify(suite))).rules;
    expect(new Set(back)).toEqual(new Set(rules));
  });

  it("keeps a condition's own words beside what Great Expectations reads", () => {
    const row_condition = "not (delay <= 0) and origin == 'ATL'";
    const rule: Rule = {
      type: "expect_column_values_to_be_unique",
      kwargs: { column: "id", row_condition, condition_parser: "pandas" },
      severity: "warning",
      meta: { owner: "Ada" },
    };
    const [written] = writeSuite("s", [rule]).expectations;
    expect(written).toEqual({
      ...rule,
      kwargs: {
        column: "id",
        row_condition: {
          type: "and",
          conditions: [
            { type: "comparison", column: { name: "delay" }, operator: ">", parameter: 0 },
            { type: "comparison", column: { name: "origin" }, operator: "==", parameter: "ATL" },
          ],
        },
      },
      meta: { owner: "Ada", tributary: { row_condition, condition_parser: "pandas" } },
    });
    expect(readSuite({ name: "s", expectations: [written] }).rules).toEqual([rule]);
    const edited = {
      ...written,
      kwargs: { column: "id", row_condition: { type: "nullity", column: { name: "delay" }, is_null: false } },
    };
    expect(readSuite({ name: "s", expectations: [edited] }).rules).toEqual([
      { ...rule, kwargs: { column: "id", row_condition: 'col("delay").notNull()' } },
    ]);
  });

  it("says which condition cannot be read", () => {
    const row_condition = { type: "comparison", column: { name: "a" }, operator: "LIKE", parameter: "x%" };
    const suite = {
      name: "s",
      expectations: [{ type: "expect_column_values_to_be_unique", kwargs: { column: "id", row_condition } }],
    };
    expect(() => readSuite(suite)).toThrow(
      expect.objectContaining({
        context: { issues: [expect.objectContaining({ path: ["expectations", 0, "kwargs", "row_condition"] })] },
      }),
    );
  });

  it("says where in the kept rules a mistake is", () => {
    const suite = { name: "s", expectations: [], meta: { tributary: { rules: [{ type: "feature_cost_to_be_at_most", kwargs: { column: "a" } }] } } };
    expect(() => readSuite(suite)).toThrow(expect.objectContaining({ context: { issues: [expect.objectContaining({ path: ["meta", "tributary", "rules", 0, "kwargs"] })] } }));
  }); // prettier-ignore

  it.each([
    [null, "no name"],
    [{ name: "a" }, "no list of expectations"],
    [{ name: "a", expectations: [{ type: "expect_magic", kwargs: {} }, 7] }, "2 problems"],
  ])("refuses %j", (json, message) => {
    expect(() => readSuite(json)).toThrow(message);
  });

  it("reads back what writeSuite wrote", () => {
    const rules = proposeRules(
      [{ column: "a", type: "string", rows: 10, missing: 1, distinct: 2, top: [{ value: "x", count: 5 }, { value: "y", count: 4 }] }],
      ["id", "day"],
    ); // prettier-ignore
    expect(readSuite(writeSuite("s", rules))).toEqual({ name: "s", rules });
  });
});

describe("proposeRules", () => {
  it("proposes only what can be checked, whatever the profile says", () => {
    const column = fc.record({
      column: fc.constant("a"),
      type: fc.constantFrom("double" as const, "string" as const, "bigint" as const, "timestamp" as const),
      rows: fc.nat(1000),
      missing: fc.nat(1000),
      distinct: fc.nat(30),
      min: fc.double(),
      max: fc.double(),
      mean: fc.double(),
      sampleStd: fc.double(),
    });
    fc.assert(
      fc.property(column, (profile) => {
        const [low, high] = [profile.min, profile.max].sort((one, other) => one - other) as [number, number];
        const rules = proposeRules(
          [{ ...profile, min: low, max: high, missing: Math.min(profile.missing, profile.rows) }],
          ["id"],
        );
        expect(rules.flatMap(checkRule)).toEqual([]);
      }),
    );
  });
});
