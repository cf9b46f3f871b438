import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proposeRules } from "./propose-rules";
import { checkRule } from "./check-rule";
import { binnedWeights, categoricalWeights, klDivergence } from "./kl-divergence";
import { readSuite, writeSuite } from "./suite-json";

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

describe("klDivergence", () => {
  it("is 0 for equal shares and ln 2 for one of two equally likely values", () => {
    const partition = { values: ["a", "b"], weights: [0.5, 0.5] };
    const none = { tail: 0, internal: 0 };
    const same = categoricalWeights(partition, new Map([["a", 3], ["b", 3]]), none); // prettier-ignore
    expect(klDivergence(same.observed_weights, same.expected_weights)).toBe(0);
    const half = categoricalWeights(partition, new Map([["a", 3]]), none);
    expect(klDivergence(half.observed_weights, half.expected_weights)).toBeCloseTo(Math.log(2), 12);
  });

  it("is infinite for a stranger unless the tail holds weight for it", () => {
    const partition = { values: ["a"], weights: [1] };
    const counts = new Map([["a", 1], ["z", 1]]); // prettier-ignore
    const strict = categoricalWeights(partition, counts, { tail: 0, internal: 0 });
    expect(klDivergence(strict.observed_weights, strict.expected_weights)).toBe(Infinity);
    const lenient = categoricalWeights(partition, counts, { tail: 0.1, internal: 0 });
    // 0.5 ln(0.5 / 0.9) + 0.5 ln(0.5 / 0.1)
    expect(klDivergence(lenient.observed_weights, lenient.expected_weights)).toBeCloseTo(0.5108256237659907, 12);
  });

  it("halves the tail's weight and fills empty bins with the internal weight", () => {
    const weights = binnedWeights({ bins: [0, 1, 2], weights: [1, 0] }, [1, 2, 1, 0], { tail: 0.2, internal: 0.1 });
    expect(weights.observed_weights).toEqual([0.25, 0.5, 0.25, 0]);
    expect(weights.expected_weights.map((one) => Number(one.toFixed(12)))).toEqual([0.1, 0.7, 0.1, 0.1]);
  });
});
