/** What an argument must be. `bound` is a number, or a text that the column's type can be compared with. */
export type Argument =
  | "column"
  | "columns"
  | "number"
  | "count"
  | "share"
  | "boolean"
  | "text"
  | "regex"
  | "regexes"
  | "timeFormat"
  | "anyOrAll"
  | "pairs"
  | "bound"
  | "values"
  | "quantiles"
  | "partition"
  | "ignoreRow"
  | "ignoreRowOfMany"
  | "personalKinds"
  | "milliseconds";

export interface Expectation {
  /**
   * `map` judges row by row and knows `mostly`; `aggregate` judges one figure of a column; `table` the whole; `own` is a data
   * test that Great Expectations does not have.
   */
  family: "map" | "aggregate" | "table" | "own";
  required: Record<string, Argument>;
  optional: Record<string, Argument>;
  /** At least one of these must be given. */
  oneOf?: readonly string[];
}

const column = { column: "column" } as const;
const range = { min_value: "bound", max_value: "bound", strict_min: "boolean", strict_max: "boolean" } as const;
const numbers = { min_value: "number", max_value: "number", strict_min: "boolean", strict_max: "boolean" } as const;
const counts = { min_value: "count", max_value: "count", strict_min: "boolean", strict_max: "boolean" } as const;
const EITHER = ["min_value", "max_value"] as const;

const map = (required: Record<string, Argument>, optional: Record<string, Argument> = {}): Expectation => ({
  family: "map",
  required,
  optional: { mostly: "share", ...optional },
});
const between = (bounds: Record<string, Argument>): Expectation => ({
  family: "aggregate",
  required: column,
  optional: bounds,
  oneOf: EITHER,
});

const ofSet: Expectation = { family: "aggregate", required: { ...column, value_set: "values" }, optional: {} };

/**
 * The expectations that rules may name, with Great Expectations' names and arguments
 * (greatexpectations.io/expectations). Every one but those about the table's columns also takes `row_condition`.
 */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  expect_column_to_exist: { family: "table", required: column, optional: { column_index: "count" } },
  expect_table_columns_to_match_set: {
    family: "table",
    required: { column_set: "columns" },
    optional: { exact_match: "boolean" },
  },
  expect_table_columns_to_match_ordered_list: {
    family: "table",
    required: { column_list: "columns" },
    optional: {},
  },
  expect_table_column_count_to_equal: { family: "table", required: { value: "count" }, optional: {} },
  expect_table_column_count_to_be_between: {
    family: "table",
    required: {},
    optional: { min_value: "count", max_value: "count" },
    oneOf: EITHER,
  },
  expect_table_row_count_to_equal: { family: "table", required: { value: "count" }, optional: {} },
  expect_table_row_count_to_be_between: { family: "table", required: {}, optional: counts, oneOf: EITHER },

  expect_column_values_to_not_be_null: map(column),
  expect_column_values_to_be_null: map(column),
  expect_column_values_to_be_unique: map(column),
  expect_column_values_to_be_between: { ...map(column, range), oneOf: EITHER },
  expect_column_values_to_be_in_set: map({ ...column, value_set: "values" }),
  expect_column_values_to_not_be_in_set: map({ ...column, value_set: "values" }),
  expect_column_values_to_match_regex: map({ ...column, regex: "regex" }),
  expect_column_values_to_not_match_regex: map({ ...column, regex: "regex" }),
  expect_column_values_to_match_regex_list: map({ ...column, regex_list: "regexes" }, { match_on: "anyOrAll" }),
  expect_column_values_to_not_match_regex_list: map({ ...column, regex_list: "regexes" }),
  expect_column_values_to_match_strftime_format: map({ ...column, strftime_format: "timeFormat" }),
  expect_column_value_z_scores_to_be_less_than: map({
    ...column,
    threshold: "number",
    double_sided: "boolean",
  }),
  expect_column_values_to_be_increasing: map(column, { strictly: "boolean" }),
  expect_column_values_to_be_decreasing: map(column, { strictly: "boolean" }),
  expect_column_value_lengths_to_be_between: { ...map(column, counts), oneOf: EITHER },
  expect_column_value_lengths_to_equal: map({ ...column, value: "count" }),
  expect_column_pair_values_a_to_be_greater_than_b: map(
    { column_A: "column", column_B: "column" },
    { or_equal: "boolean", ignore_row_if: "ignoreRow" },
  ),
  expect_column_pair_values_to_be_equal: map(
    { column_A: "column", column_B: "column" },
    { ignore_row_if: "ignoreRow" },
  ),
  expect_column_pair_values_to_be_in_set: map(
    { column_A: "column", column_B: "column", value_pairs_set: "pairs" },
    { ignore_row_if: "ignoreRow" },
  ),
  expect_multicolumn_sum_to_equal: map(
    { column_list: "columns", sum_total: "number" },
    { ignore_row_if: "ignoreRowOfMany" },
  ),
  expect_select_column_values_to_be_unique_within_record: map(
    { column_list: "columns" },
    { ignore_row_if: "ignoreRowOfMany" },
  ),
  expect_compound_columns_to_be_unique: map({ column_list: "columns" }, { ignore_row_if: "ignoreRowOfMany" }),

  // A column has one type here, so that `mostly` is read and says nothing.
  expect_column_values_to_be_of_type: {
    family: "aggregate",
    required: { ...column, type_: "text" },
    optional: { mostly: "share" },
  },
  expect_column_min_to_be_between: between(range),
  expect_column_max_to_be_between: between(range),
  expect_column_mean_to_be_between: between(numbers),
  expect_column_median_to_be_between: between(numbers),
  expect_column_stdev_to_be_between: between(numbers),
  expect_column_sum_to_be_between: between(numbers),
  expect_column_unique_value_count_to_be_between: between(counts),
  expect_column_proportion_of_unique_values_to_be_between: between(numbers),
  expect_column_distinct_values_to_be_in_set: ofSet,
  expect_column_distinct_values_to_contain_set: ofSet,
  expect_column_distinct_values_to_equal_set: ofSet,
  expect_column_quantile_values_to_be_between: {
    family: "aggregate",
    required: { ...column, quantile_ranges: "quantiles" },
    optional: { allow_relative_error: "boolean" },
  },
  expect_column_most_common_value_to_be_in_set: {
    family: "aggregate",
    required: { ...column, value_set: "values" },
    optional: { ties_okay: "boolean" },
  },
  expect_column_kl_divergence_to_be_less_than: {
    family: "aggregate",
    required: { ...column, partition_object: "partition", threshold: "number" },
    optional: { internal_weight_holdout: "share", tail_weight_holdout: "share" },
  },
};

/**
 * Data tests of the ML Test Score (Breck et al. 2017) that Great Expectations has no name for. In an exported suite they stand
 * apart from its expectations, so that it stays importable.
 */
export const OWN_RULES: Readonly<Record<string, Expectation>> = {
  /** Strength from 0 (none) to 1 (one tells the other) on the rows that models are trained on. */
  feature_label_relation_to_be_between: {
    family: "own",
    required: { ...column, label: "column" },
    optional: { min_value: "share", max_value: "share" },
    oneOf: EITHER,
  },
  /** Without a list, against every number of the same data. */
  feature_correlation_to_be_at_most: {
    family: "own",
    required: { ...column, threshold: "share" },
    optional: { column_list: "columns" },
  },
  feature_cost_to_be_at_most: {
    family: "own",
    required: column,
    optional: { max_rows: "count", max_bytes: "count", max_milliseconds: "milliseconds" },
    oneOf: ["max_rows", "max_bytes", "max_milliseconds"],
  },
  values_to_hold_no_personal_data: {
    family: "own",
    required: column,
    optional: { kinds: "personalKinds", sample_rows: "count" },
  },
};

/** What rules of the type take; undefined for a type that nobody knows. */
export function expectationOf(type: string): Expectation | undefined {
  if (Object.hasOwn(EXPECTATIONS, type)) return EXPECTATIONS[type];
  return Object.hasOwn(OWN_RULES, type) ? OWN_RULES[type] : undefined;
}

export const RULE_TYPES: readonly string[] = [...Object.keys(EXPECTATIONS), ...Object.keys(OWN_RULES)];

/** Arguments that say which rows are judged; `condition_parser` names the dialect and is not needed. */
export const ROW_ARGUMENTS = ["row_condition", "condition_parser"] as const;

/** Whether a rule of this type asks which columns there are, and nothing of the rows. */
export function isAboutColumns(type: string): boolean {
  return type === "expect_column_to_exist" || type.startsWith("expect_table_column");
}

/** Whether a rule of this type can be limited to some rows. */
export function takesRowCondition(type: string): boolean {
  return !isAboutColumns(type) && type !== "feature_cost_to_be_at_most";
}
