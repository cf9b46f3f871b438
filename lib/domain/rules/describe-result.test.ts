import { describe, expect, it } from "vitest";
import { describeResult } from "./describe-result";
import type { RuleResult } from "./rule-result";
import type { Json } from "../definitions/rule";

const found = (result: RuleResult["result"], success = false): RuleResult => ({
  success,
  expectation_config: { type: "expect_column_values_to_be_between", kwargs: { column: "a" }, severity: "critical" },
  result,
  exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
});

describe("describeResult", () => {
  it.each<[string, RuleResult["result"], string]>([
    ["nothing unexpected", { unexpected_count: 0 }, "no unexpected value"],
    ["examples, each once", { unexpected_count: 4, unexpected_percent: 50, partial_unexpected_list: [1.5, 1.5, "", "x"] }, "4 unexpected (50.00 %), such as 1.5, an empty text, x"],
    ["figures that are none", { unexpected_count: 786, unexpected_percent: 98.25, partial_unexpected_list: ["NaN", "Infinity", "-Infinity"] }, "786 unexpected (98.25 %), such as no number, ∞, −∞"],
    ["a share that is hardly any", { unexpected_count: 1, unexpected_percent: 0.001, partial_unexpected_list: [] as Json[] }, "1 unexpected (< 0.01 %)"],
    ["an observed figure", { observed_value: 1234.5 }, "observed 1,234.5"],
    ["an observed figure that is none", { observed_value: "NaN" }, "observed no number, as a value is not a number"],
  ])("says %s", (_, result, words) => {
    expect(describeResult(found(result))).toBe(words);
  }); // prettier-ignore
});
