import { describe, expect, it } from "vitest";
import { judgePlaced } from "./judge-placed";
import { ofColumn, placeRules } from "./place-rules";
import type { Measured } from "./rule-result";
import type { Rule } from "../definitions/rule";

const rule = (type: string, kwargs: Rule["kwargs"] = {}): Rule => ({ type, kwargs, severity: "critical" });

describe("ofColumn", () => {
  it.each<[string, Rule["kwargs"], Rule["kwargs"]]>([
    ["expect_column_values_to_not_be_null", {}, { column: "amount" }],
    ["expect_column_values_to_not_be_null", { column: "other" }, { column: "other" }],
    ["expect_column_pair_values_a_to_be_greater_than_b", { column_A: "a", column_B: "b" }, { column_A: "a", column_B: "b" }],
    ["feature_correlation_to_be_at_most", { column_list: ["b"], threshold: 0.9 }, { column: "amount", column_list: ["b"], threshold: 0.9 }],
    ["expect_table_row_count_to_be_between", { min_value: 1 }, { min_value: 1 }],
  ])("%s %j", (type, kwargs, expected) => {
    expect(ofColumn(rule(type, kwargs), "order.amount").kwargs).toEqual(expected);
  }); // prettier-ignore
});

describe("judgePlaced", () => {
  it("shows masks only of data that are declared personal", () => {
    const rule: Rule = { type: "expect_column_values_to_match_regex", kwargs: { column: "email", regex: "^x" }, severity: "critical" };
    const measured: Measured = { family: "map", elements: 2, missing: 0, unexpected: 1, sample: ["ada@example.org"], counts: [{ value: "ada@example.org", count: 1 }] };
    const shown = (isPersonal: boolean) => judgePlaced({ rule, feature: "person.email", isPersonal }, measured);
    expect(JSON.stringify(shown(true))).not.toContain("example.org");
    expect(shown(true)).toMatchObject({ feature: "person.email", success: false, result: { unexpected_count: 1, partial_unexpected_list: ["axx@xxxxxxx.xxx"] } });
    expect(shown(false).result.partial_unexpected_list).toEqual(["ada@example.org"]);
  }); // prettier-ignore

  it("masks values wherever a result has them, and leaves their columns' names", () => {
    const ofPair: Rule = {
      type: "expect_compound_columns_to_be_unique",
      kwargs: { column_list: ["email", "id"] },
      severity: "critical",
    };
    const pairs: Measured = {
      family: "map",
      elements: 2,
      missing: 0,
      unexpected: 2,
      sample: [{ email: "ada@example.org", id: 12 }],
      counts: [{ value: ["ada@example.org", 12], count: 2 }],
    };
    expect(judgePlaced({ rule: ofPair, feature: null, isPersonal: true }, pairs).result).toMatchObject({
      partial_unexpected_list: [{ email: "axx@xxxxxxx.xxx", id: expect.not.stringContaining("2") as string }],
      partial_unexpected_counts: [{ value: ["axx@xxxxxxx.xxx", expect.not.stringContaining("2") as string], count: 2 }],
    });
    const ofShares: Rule = {
      type: "expect_column_kl_divergence_to_be_less_than",
      kwargs: { column: "email", partition_object: { values: ["x"], weights: [1] }, threshold: 1 },
      severity: "critical",
    };
    const partition = { values: ["ada@example.org"], weights: [1] };
    const shares: Measured = {
      family: "aggregate",
      observed: null,
      elements: 1,
      missing: 0,
      details: { observed_partition: partition, expected_partition: partition },
    };
    expect(judgePlaced({ rule: ofShares, feature: null, isPersonal: true }, shares).result.details).toEqual({
      observed_partition: { values: ["axx@xxxxxxx.xxx"], weights: [1] },
      expected_partition: { values: ["axx@xxxxxxx.xxx"], weights: [1] },
    });
  });
});

describe("placeRules", () => {
  const features = [
    { name: "order.amount", rules: [rule("expect_column_values_to_not_be_null")] },
    { name: "order.late", rules: [rule("feature_label_relation_to_be_between", { label: "is_late", max_value: 0.9 })] },
    { name: "order.email", sensitivity: "personal" as const, rules: [rule("values_to_hold_no_personal_data")] },
    { name: "customer.amount", rules: [rule("expect_column_values_to_be_null")] },
  ];

  it("takes the rules of the features that the data carry, after those of the source", () => {
    const own = rule("expect_table_row_count_to_be_between", { min_value: 1 });
    expect(placeRules("order", ["id", "amount"], features, [own])).toEqual([
      { feature: null, isPersonal: false, rule: own },
      {
        feature: "order.amount",
        isPersonal: false,
        rule: rule("expect_column_values_to_not_be_null", { column: "amount" }),
      },
    ]);
  });

  it("leaves a rule alone where a column that it also reads is not there", () => {
    expect(placeRules("order", ["late"], features)).toEqual([]);
    expect(placeRules("order", ["late", "is_late"], features)).toHaveLength(1);
  });

  it("tells a search for personal data what the column is declared to be", () => {
    expect(placeRules("order", ["email"], features)[0]?.rule.kwargs).toEqual({
      column: "email",
      sensitivity: "personal",
    });
    expect(placeRules("order", ["email"], features)[0]?.isPersonal).toBe(true);
    const own = rule("values_to_hold_no_personal_data", { column: "note" });
    expect(placeRules("order", ["note"], features, [own])[0]?.rule.kwargs.sensitivity).toBe("none");
  });
});
