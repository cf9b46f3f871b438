import type { ColumnType } from "../definitions/column-type";
import { exactInteger } from "../exact-integers";
import { EXPECTATIONS } from "./expectations";
import { judgeOwn, judgePersonal } from "./judge-own";
import { type ComparedShares, divergenceOf } from "./kl-divergence";
import { percent } from "./percent";
import type { Measured, RuleResult, SetComparison, SuiteResult } from "./rule-result";
import type { Json, Rule } from "../definitions/rule";

/**
 * Great Expectations' verdict on what was measured. A map expectation succeeds when the share of expected values among
 * those that are not missing is at least `mostly` (default 1), and on nothing at all; for the two null expectations missing
 * values are the question, so the share is of all rows. A figure that does not exist (the mean of no values) fails.
 */
export function judgeRule(rule: Rule, measured: Measured): RuleResult {
  if (measured.family === "failed")
    return {
      success: false,
      expectation_config: rule,
      result: {},
      exception_info: { raised_exception: true, exception_message: measured.message, exception_traceback: null },
    };
  const { success, result } = judge(rule, measured);
  return {
    success,
    expectation_config: rule,
    result,
    exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
  };
}

/** All results of a suite with the statistics that Great Expectations gives. */
export function toSuiteResult(results: RuleResult[]): SuiteResult {
  const successful = results.filter((result) => result.success).length;
  return {
    success: successful === results.length,
    statistics: {
      evaluated_expectations: results.length,
      successful_expectations: successful,
      unsuccessful_expectations: results.length - successful,
      success_percent: results.length === 0 ? null : (100 * successful) / results.length,
    },
    results,
  };
}

type Judged = Pick<RuleResult, "success" | "result">;

function judge(rule: Rule, measured: Exclude<Measured, { family: "failed" }>): Judged {
  switch (measured.family) {
    case "map":
      return judgeMap(rule, measured);
    case "table":
      return judgeTable(rule, measured.observed);
    case "personal":
      return judgePersonal(rule, measured);
    case "aggregate": {
      if (rule.type.startsWith("expect_column_distinct_values_"))
        return judgeSet(rule.type, measured.details as SetComparison);
      const { success, observed = measured.observed, details = measured.details } = judgeFigure(rule, measured);
      return {
        success,
        result: {
          observed_value: observed,
          element_count: measured.elements,
          missing_count: measured.missing,
          missing_percent: percent(measured.missing, measured.elements),
          ...(details && { details }),
        },
      };
    }
  }
}

function judgeMap({ type, kwargs }: Rule, measured: Extract<Measured, { family: "map" }>): Judged {
  const { elements, missing, unexpected, sample, counts } = measured;
  const aboutNull = type === "expect_column_values_to_not_be_null" || type === "expect_column_values_to_be_null";
  const judged = aboutNull ? elements : elements - missing;
  const mostly = typeof kwargs.mostly === "number" ? kwargs.mostly : 1;
  return {
    success: judged === 0 || (judged - unexpected) / judged >= mostly,
    result: {
      element_count: elements,
      unexpected_count: unexpected,
      unexpected_percent: percent(unexpected, judged),
      partial_unexpected_list: sample,
      ...(!aboutNull && {
        missing_count: missing,
        missing_percent: percent(missing, elements),
        unexpected_percent_total: percent(unexpected, elements),
        unexpected_percent_nonmissing: percent(unexpected, judged),
      }),
      partial_unexpected_counts: counts.map(({ value, count }) => ({ value, count })),
    },
  };
}

/** Great Expectations shows what differs from the set, and not the values that were observed. */
function judgeSet(
  type: string,
  { missing_count: missing, partial_missing_list, ...unexpected }: SetComparison,
): Judged {
  const asksMissing = !type.endsWith("be_in_set");
  const asksUnexpected = !type.endsWith("contain_set");
  return {
    success: (!asksMissing || missing === 0) && (!asksUnexpected || unexpected.unexpected_count === 0),
    result: {
      observed_value: null,
      ...(asksUnexpected && unexpected),
      ...(asksMissing && { missing_count: missing, partial_missing_list }),
    },
  };
}

function judgeTable({ type, kwargs }: Rule, observed: Json): Judged {
  const asCount = (count: Json): Judged => ({
    success: type.endsWith("_to_equal") ? count === kwargs.value : isBetween(count, kwargs),
    result: { observed_value: count },
  });
  if (type.startsWith("expect_table_row_count_")) return asCount(observed);
  const columns = observed as string[];
  if (type.startsWith("expect_table_column_count_")) return asCount(columns.length);
  if (type === "expect_table_columns_to_match_ordered_list") return judgeOrder(kwargs.column_list as string[], columns);
  if (type === "expect_column_to_exist") {
    const at = columns.indexOf(kwargs.column as string);
    const index = kwargs.column_index;
    return { success: at >= 0 && (typeof index !== "number" || at === index), result: {} };
  }
  const expected = new Set(kwargs.column_set as string[]);
  const missing = [...expected].filter((name) => !columns.includes(name)).sort();
  const unexpected = columns.filter((name) => !expected.has(name)).sort();
  const mismatched = { ...(unexpected.length > 0 && { unexpected }), ...(missing.length > 0 && { missing }) };
  return {
    success: missing.length === 0 && (kwargs.exact_match === false || unexpected.length === 0),
    result: {
      observed_value: [...columns].sort(),
      ...(Object.keys(mismatched).length > 0 && { details: { mismatched } }),
    },
  };
}

function judgeOrder(expected: readonly string[], columns: string[]): Judged {
  const length = Math.max(expected.length, columns.length);
  const mismatched = Array.from({ length }, (_, at) => ({
    "Expected Column Position": at,
    Expected: expected[at] ?? null,
    Found: columns[at] ?? null,
  })).filter(({ Expected, Found }) => Expected !== Found);
  return {
    success: mismatched.length === 0,
    result: { observed_value: columns, ...(mismatched.length > 0 && { details: { mismatched } }) },
  };
}

function judgeFigure(
  { type, kwargs }: Rule,
  { observed, details }: Extract<Measured, { family: "aggregate" }>,
): { success: boolean; observed?: Json; details?: Record<string, Json> } {
  switch (type) {
    case "expect_column_values_to_be_of_type":
      return { success: isOfType(String(observed) as ColumnType, String(kwargs.type_)) };
    case "expect_column_quantile_values_to_be_between":
      return judgeQuantiles(kwargs.quantile_ranges as QuantileRanges, observed as Json[] | null);
    case "expect_column_most_common_value_to_be_in_set": {
      const modes = observed as Json[];
      const set = kwargs.value_set as Json[];
      const has = modes.some((mode) => set.includes(mode));
      return { success: has && (kwargs.ties_okay === true || modes.length === 1) };
    }
    case "expect_column_kl_divergence_to_be_less_than": {
      const divergence = divergenceOf(details as ComparedShares);
      return {
        success: divergence !== null && divergence <= (kwargs.threshold as number),
        observed: divergence === Infinity ? null : divergence,
      };
    }
    case "feature_label_relation_to_be_between":
    case "feature_correlation_to_be_at_most":
    case "feature_cost_to_be_at_most":
      return judgeOwn(type, kwargs, observed);
    default:
      return { success: isBetween(observed, kwargs) };
  }
}

/** What pandas, Spark and databases call the column types. */
const TYPE_NAMES: Record<ColumnType, readonly string[]> = {
  boolean: ["bool", "booleantype"],
  bigint: ["int", "integer", "int64", "long", "longtype", "integertype"],
  double: ["float", "float64", "double precision", "doubletype", "floattype", "real"],
  string: ["str", "object", "text", "varchar", "stringtype"],
  date: ["datetype"],
  timestamp: ["datetime", "datetime64", "datetime64[ns]", "timestamptype"],
  vector: ["vectorudt"],
  strings: ["arraytype"],
};

function isOfType(observed: ColumnType, asked: string): boolean {
  const name = asked.toLowerCase();
  return observed === name || TYPE_NAMES[observed].includes(name);
}

/** A type and not an interface, so that it can be what a rule of checked arguments holds. */
type QuantileRanges = {
  quantiles: number[];
  value_ranges: [number | null, number | null][];
};

/** @param observed null of a column without values, which has no quantiles */
function judgeQuantiles({ quantiles, value_ranges: ranges }: QuantileRanges, observed: Json[] | null) {
  const values = observed ?? quantiles.map(() => null);
  const details = ranges.map(([low, high], at) => {
    const value = values[at];
    return typeof value === "number" && (low === null || value >= low) && (high === null || value <= high);
  });
  return {
    success: details.every(Boolean),
    observed: { quantiles, values },
    details: { success_details: details },
  };
}

function isBetween(
  observed: Json,
  { min_value: low, max_value: high, strict_min, strict_max }: Rule["kwargs"],
): boolean {
  if (observed === null) return false;
  const order = (bound: Json) => compare(observed, bound);
  const aboveLow = low === undefined || low === null || (strict_min ? order(low) > 0 : order(low) >= 0);
  const belowHigh = high === undefined || high === null || (strict_max ? order(high) < 0 : order(high) <= 0);
  return aboveLow && belowHigh;
}

/** Integers exactly, other numbers as numbers, times by their moment, other texts by code units; NaN (never equal to a bound) as larger than all. */
function compare(one: Json, other: Json): number {
  const [exact, bound] = [exactInteger(one), exactInteger(other)];
  if (exact !== null && bound !== null) return exact < bound ? -1 : exact > bound ? 1 : 0;
  const [a, b] = [toOrdered(one), toOrdered(other)];
  if (typeof a === "number" && typeof b === "number") return Number.isNaN(a) ? 1 : a - b;
  const [left, right] = [String(one), String(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function toOrdered(value: Json): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return /^\d{4}-\d\d-\d\d/.test(value)
    ? Date.parse(/^\d{4}-\d\d-\d\d$|[zZ]$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.replace(" ", "T")}Z`)
    : null;
}

/** Whether a rule of this type counts values one by one, so that unexpected ones can be shown. */
export function isMap(type: string): boolean {
  return EXPECTATIONS[type]?.family === "map";
}

/** Whether a rule of this type is about the table and none of its columns. */
export function isTable(type: string): boolean {
  return EXPECTATIONS[type]?.family === "table";
}
