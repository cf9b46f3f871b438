import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSpecs } from "@/lib/contracts/spec-documents";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { judgeRule } from "@/lib/domain/rules/judge-rule";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { openSession, type Session } from "../session";
import { measureRules } from "./measure-rules";

const TYPES = new Map<string, ColumnType>([
  ["id", "bigint"],
  ["x", "double"],
  ["near", "double"],
  ["word", "string"],
  ["late", "boolean"],
  ["at", "timestamp"],
]);

let directory: string;
let session: Session;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "rules-"));
  session = await openSession({ dataDirectory: directory, threads: 1, memoryLimit: "500MB" });
  await session.run(`CREATE TABLE t AS SELECT * FROM (VALUES
    (0, 1, 1.5::DOUBLE, 1.0::DOUBLE, 'one', true, TIMESTAMP '2001-01-01'),
    (1, 2, 2.5::DOUBLE, 2.0, 'two', true, TIMESTAMP '2001-01-02'),
    (2, 2, NULL, 2.0, 'two', false, TIMESTAMP '2001-01-03'),
    (3, 4, -1.0::DOUBLE, 4.0, NULL, NULL, TIMESTAMP '2001-01-04'),
    (4, NULL, 'NaN'::DOUBLE, NULL, 'Ünï', false, NULL),
    (5, 9007199254740993, 'Infinity'::DOUBLE, 9007199254740992.0, '', true, TIMESTAMP '2001-01-02')
  ) v("__position", id, x, near, word, late, "at")`);
});

afterAll(async () => {
  await session.close();
  await rm(directory, { recursive: true });
});

async function check(type: string, kwargs: Rule["kwargs"]) {
  const rule: Rule = { type, kwargs, severity: "critical" };
  const [measured] = await measureRules(session, "t", TYPES, [rule]);
  const { success, result, exception_info } = judgeRule(rule, measured as NonNullable<typeof measured>);
  return { success, ...result, exception: exception_info.exception_message } as Record<string, Json>;
}

describe("map rules", () => {
  it.each<[string, Rule["kwargs"], boolean, number, Json[]]>([
    ["expect_column_values_to_not_be_null", { column: "x" }, false, 1, [null]],
    ["expect_column_values_to_be_null", { column: "id" }, false, 5, [1, 2, 2, 4, "9007199254740993"]],
    ["expect_column_values_to_be_unique", { column: "id" }, false, 2, [2, 2]],
    ["expect_column_values_to_be_unique", { column: "id", row_condition: "late == true" }, true, 0, []],
    ["expect_column_values_to_be_between", { column: "x", min_value: 0 }, false, 1, [-1]],
    ["expect_column_values_to_be_between", { column: "x", min_value: -1, max_value: 3 }, false, 2, ["NaN", "Infinity"]],
    ["expect_column_values_to_be_between", { column: "x", min_value: -1, max_value: 3, mostly: 0.6 }, true, 2, ["NaN", "Infinity"]],
    ["expect_column_values_to_be_between", { column: "id", min_value: 1, max_value: "9007199254740993" }, true, 0, []],
    ["expect_column_values_to_be_between", { column: "at", max_value: "2001-01-03", strict_max: true }, false, 2, ["2001-01-03T00:00:00.000Z", "2001-01-04T00:00:00.000Z"]],
    ["expect_column_values_to_be_in_set", { column: "word", value_set: ["one", "two", null] }, false, 2, ["Ünï", ""]],
    ["expect_column_values_to_not_be_in_set", { column: "id", value_set: [4] }, false, 1, [4]],
    ["expect_column_values_to_match_regex", { column: "word", regex: "^[a-z]+$" }, false, 2, ["Ünï", ""]],
    ["expect_column_values_to_not_match_regex", { column: "word", regex: "w" }, false, 2, ["two", "two"]],
    ["expect_column_value_lengths_to_be_between", { column: "word", min_value: 1 }, false, 1, [""]],
    ["expect_column_value_lengths_to_equal", { column: "word", value: 3 }, false, 1, [""]],
    ["expect_column_values_to_be_increasing", { column: "id" }, true, 0, []],
    ["expect_column_values_to_be_increasing", { column: "id", strictly: true }, false, 1, [2]],
    ["expect_column_values_to_be_decreasing", { column: "at" }, false, 3, ["2001-01-02T00:00:00.000Z", "2001-01-03T00:00:00.000Z", "2001-01-04T00:00:00.000Z"]],
    ["expect_column_pair_values_a_to_be_greater_than_b", { column_A: "id", column_B: "x", ignore_row_if: "either_value_is_missing" }, false, 3, [[1, 1.5], [2, 2.5], ["9007199254740993", "Infinity"]]],
    ["expect_column_pair_values_to_be_equal", { column_A: "id", column_B: "near", ignore_row_if: "either_value_is_missing" }, false, 1, [["9007199254740993", 9007199254740992]]],
    ["expect_column_pair_values_a_to_be_greater_than_b", { column_A: "id", column_B: "near", or_equal: true }, true, 0, []],
    ["expect_column_pair_values_a_to_be_greater_than_b", { column_A: "near", column_B: "id", or_equal: true }, false, 1, [[9007199254740992, "9007199254740993"]]],
    ["expect_multicolumn_sum_to_equal", { column_list: ["id", "id"], sum_total: 4, ignore_row_if: "any_value_is_missing" }, false, 3, [{ id: 1 }, { id: 4 }, { id: "9007199254740993" }]],
    ["expect_column_value_z_scores_to_be_less_than", { column: "x", threshold: 1, double_sided: true }, true, 0, []],
    ["expect_column_value_z_scores_to_be_less_than", { column: "near", threshold: 1, double_sided: true, row_condition: "id < 3" }, false, 1, [1]],
    ["expect_column_values_to_match_strftime_format", { column: "word", strftime_format: "%Y-%m-%d", mostly: 0 }, true, 5, ["one", "two", "two", "Ünï", ""]],
    ["expect_compound_columns_to_be_unique", { column_list: ["id", "word"] }, false, 2, [{ id: 2, word: "two" }, { id: 2, word: "two" }]],
    ["expect_column_values_to_match_regex", { column: "word", regex: "^[a-z]|\\u00dc" }, false, 1, [""]],
    ["expect_column_values_to_be_null", { column: "x", row_condition: "word in ['one', 'two'] and id not in [1]" }, false, 1, [2.5]],
    ["expect_column_values_to_be_null", { column: "x", row_condition: "word in []" }, true, 0, []],
  ])("%s %j", async (type, kwargs, success, unexpected, sample) => {
    const found = await check(type, kwargs);
    expect(found.exception).toBeNull();
    expect(found).toMatchObject({ success, unexpected_count: unexpected, partial_unexpected_list: sample });
  }); // prettier-ignore

  it("finds what is above a bound beyond 2^53 as a spec file gives it", async () => {
    await session.run(`CREATE TABLE offs AS
      SELECT i AS __position, i AS id, 9223372036854775000 + i % 800 AS top64 FROM range(10000) t(i)`);
    const text = readFileSync(new URL("../../../../test/fixtures/04-big-integer-rule.yaml", import.meta.url), "utf8");
    const [rule] = (parseSpecs(text).definitions[0]?.definition as SourceDefinition).rules ?? [];
    const types = new Map<string, ColumnType>([
      ["id", "bigint"],
      ["top64", "bigint"],
    ]);
    const [measured] = await measureRules(session, "offs", types, [rule as Rule]);
    const { success, result } = judgeRule(rule as Rule, measured as NonNullable<typeof measured>);
    expect([success, result.unexpected_count]).toEqual([false, 12]);
  });

  it("counts how often each unexpected value occurs, the most frequent first", async () => {
    const found = await check("expect_column_values_to_not_be_in_set", { column: "word", value_set: ["one", "two"] });
    expect(found.partial_unexpected_counts).toEqual([
      { value: "two", count: 2 },
      { value: "one", count: 1 },
    ]);
    const pairs = await check("expect_compound_columns_to_be_unique", { column_list: ["id", "word"] });
    expect(pairs.partial_unexpected_counts).toEqual([{ value: [2, "two"], count: 2 }]);
  });

  it("leaves out rows whose condition is not known", async () => {
    const found = await check("expect_column_values_to_not_be_null", { column: "x", row_condition: "late == false" });
    expect(found).toMatchObject({ element_count: 2, unexpected_count: 1 });
  });
});

describe("figures", () => {
  it.each<[string, Rule["kwargs"], Json]>([
    ["expect_column_min_to_be_between", { column: "id", min_value: 1 }, 1],
    ["expect_column_max_to_be_between", { column: "id", max_value: 1, row_condition: "id < 9" }, 4],
    ["expect_column_mean_to_be_between", { column: "id", min_value: 1, row_condition: "id < 9" }, 2.25],
    ["expect_column_median_to_be_between", { column: "id", min_value: 1, row_condition: "id < 9" }, 2],
    ["expect_column_stdev_to_be_between", { column: "id", min_value: 1, row_condition: "id < 9" }, expect.closeTo(1.2583057392117916, 14)],
    ["expect_column_stdev_to_be_between", { column: "x", min_value: 1 }, null],
    ["expect_column_sum_to_be_between", { column: "id", min_value: 1, row_condition: "id < 9" }, 9],
    ["expect_column_unique_value_count_to_be_between", { column: "word", min_value: 1 }, 4],
    ["expect_column_proportion_of_unique_values_to_be_between", { column: "word", min_value: 0 }, 0.8],
    ["expect_column_mean_to_be_between", { column: "id", min_value: 1, row_condition: "id < -9" }, null],
    ["expect_column_proportion_of_unique_values_to_be_between", { column: "id", min_value: 0, row_condition: "id < -9" }, 0],
    ["expect_column_most_common_value_to_be_in_set", { column: "word", value_set: ["two"] }, ["two"]],
    ["expect_column_most_common_value_to_be_in_set", { column: "id", value_set: [2], row_condition: "id != 2" }, [1, 4, "9007199254740993"]],
    ["expect_column_values_to_be_of_type", { column: "at", type_: "datetime64[ns]" }, "timestamp"],
  ])("%s %j", async (type, kwargs, observed) => {
    const found = await check(type, kwargs);
    expect(found.exception).toBeNull();
    expect(found.observed_value).toEqual(observed);
  }); // prettier-ignore

  it("takes quantiles that occur", async () => {
    const quantile_ranges = { quantiles: [0.2, 0.5], value_ranges: [[1, 1], [null, 2]] }; // prettier-ignore
    const found = await check("expect_column_quantile_values_to_be_between", { column: "id", quantile_ranges });
    expect(found).toMatchObject({ success: true, observed_value: { quantiles: [0.2, 0.5], values: [1, 2] } });
    const none = await check("expect_column_quantile_values_to_be_between", {
      column: "id",
      quantile_ranges,
      row_condition: "id < -9",
    });
    expect(none).toMatchObject({ success: false, exception: null, observed_value: { values: [null, null] } });
  });

  it("compares shares with what is expected", async () => {
    const words = { values: ["one", "two", "Ünï", ""], weights: [0.2, 0.4, 0.2, 0.2] };
    const same = await check("expect_column_kl_divergence_to_be_less_than", {
      column: "word",
      partition_object: words,
      threshold: 0,
    });
    expect(same).toMatchObject({ success: true });
    const bins = { bins: [0, 2, 3], weights: [0.5, 0.5] };
    const found = await check("expect_column_kl_divergence_to_be_less_than", {
      column: "x",
      partition_object: bins,
      threshold: 1,
      tail_weight_holdout: 0.1,
    });
    expect((found.details as Record<string, Json>).observed_partition).toEqual({
      bins: [0, 2, 3],
      weights: [0.25, 0.25],
      tail_weights: [0.25, 0.25],
    });
  });
});

describe("the table", () => {
  it.each<[string, Rule["kwargs"], boolean]>([
    ["expect_table_row_count_to_be_between", { min_value: 6, max_value: 6 }, true],
    ["expect_table_row_count_to_be_between", { min_value: 6, row_condition: "late == true" }, false],
    ["expect_column_to_exist", { column: "x", column_index: 1 }, true],
    ["expect_column_to_exist", { column: "y" }, false],
    ["expect_table_columns_to_match_set", { column_set: ["id", "x"], exact_match: false }, true],
  ])("%s %j: %s", async (type, kwargs, success) => {
    expect(await check(type, kwargs)).toMatchObject({ success, exception: null });
  });
});

describe("what cannot be measured", () => {
  it.each<[string, Rule["kwargs"], string]>([
    ["expect_column_values_to_be_unique", { column: "y" }, "There is no column y. There are id, x"],
    ["expect_column_mean_to_be_between", { column: "word", min_value: 1 }, "word is string"],
    ["expect_column_values_to_be_between", { column: "x", min_value: "soon" }, "x is double, which \"soon\" cannot be compared with"],
    ["expect_column_values_to_match_regex", { column: "word", regex: "(" }, "missing )"],
    ["expect_column_value_lengths_to_equal", { column: "x", value: 1 }, "which has no length"],
    ["expect_column_pair_values_a_to_be_greater_than_b", { column_A: "id", column_B: "word" }, "cannot be compared"],
    ["expect_column_values_to_be_unique", { column: "id", row_condition: "word > 3" }, ""],
    ["expect_column_kl_divergence_to_be_less_than", { column: "word", partition_object: { values: ["one"], weights: [1] }, threshold: 1, internal_weight_holdout: 0.1 }, "internal_weight_holdout is for bins"],
  ])("%s %j", async (type, kwargs, message) => {
    const found = await check(type, kwargs);
    if (message) expect(found).toMatchObject({ success: false, exception: expect.stringContaining(message) as string });
  }); // prettier-ignore

  it("fails alone: the other rules have their results", async () => {
    const rules: Rule[] = [
      { type: "expect_column_values_to_match_regex", kwargs: { column: "word", regex: "(" }, severity: "info" },
      { type: "expect_column_values_to_not_be_null", kwargs: { column: "id" }, severity: "critical" },
    ];
    const measured = await measureRules(session, "t", TYPES, rules);
    expect(measured.map(({ family }) => family)).toEqual(["failed", "map"]);
  });
});
