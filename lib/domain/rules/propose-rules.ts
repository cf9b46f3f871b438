import type { ColumnType } from "../definitions/column-type";
import { detectPersonal } from "./personal/detect-personal";
import { personalName } from "./personal/personal-name";
import type { Json, Rule } from "../definitions/rule";

/** What of a stored profile a proposal is made from. */
export interface ProfiledColumn {
  column: string;
  type: ColumnType;
  rows: number;
  missing: number;
  distinct?: number;
  min?: number | string;
  max?: number | string;
  mean?: number;
  sampleStd?: number;
  top?: { value: string; count: number }[];
}

/** Categories of a column with so few different values are listed. */
const FEW_VALUES = 20;
/** Standard deviations that a mean may move before somebody should look. */
const MEAN_DEVIATIONS = 0.5;

/**
 * Rules that the profiled data keep, for a person to edit: existence and type are critical; what the data happened to look
 * like (ranges, categories, shares) only warns, since the next version may rightly differ.
 */
export function proposeRules(columns: readonly ProfiledColumn[], rowKey: readonly string[]): Rule[] {
  const rules = columns.flatMap(proposeForColumn);
  const rows = columns[0]?.rows;
  const [first, ...rest] = rowKey;
  return [
    ...(rows === undefined
      ? []
      : [rule("expect_table_row_count_to_be_between", { min_value: Math.floor(rows / 2) }, "warning")]),
    ...(first === undefined
      ? []
      : rest.length === 0
        ? [rule("expect_column_values_to_be_unique", { column: first }, "critical")]
        : [rule("expect_compound_columns_to_be_unique", { column_list: [...rowKey] }, "critical")]),
    ...rules,
  ];
}

/** What else is known of a feature that rules are proposed for. */
export interface FeatureWorld {
  /** Column of the same entity that a model predicts; null when none does, or when the feature is it. */
  label: string | null;
}

/** Rules for a feature, its column left out. */
export function proposeFeatureRules(profile: ProfiledColumn, { label }: FeatureWorld): Rule[] {
  const isNumber = profile.type === "double" || profile.type === "bigint";
  const rules = [
    ...proposeForColumn(profile).filter(({ type }) => type !== "expect_column_to_exist"),
    ...(label === null
      ? []
      : [rule("feature_label_relation_to_be_between", { label, min_value: 0.01, max_value: 0.95 }, "warning")]),
    ...(isNumber ? [rule("feature_correlation_to_be_at_most", { threshold: 0.98 }, "warning")] : []),
  ];
  return rules.map(({ kwargs: { column: _column, ...kwargs }, ...rest }) => ({ ...rest, kwargs }));
}

function proposeForColumn(profile: ProfiledColumn): Rule[] {
  const { column, rows, missing, min, max, mean, sampleStd, top } = profile;
  const rules = [rule("expect_column_to_exist", { column }, "critical")];
  if (rows === 0 || missing === rows) return rules;
  const present = 1 - missing / rows;
  rules.push(
    missing === 0
      ? rule("expect_column_values_to_not_be_null", { column }, "critical")
      : rule("expect_column_values_to_not_be_null", { column, mostly: floor(present * 0.95) }, "warning"),
  );
  if (isBound(min) && isBound(max))
    rules.push(rule("expect_column_values_to_be_between", { column, min_value: min, max_value: max }, "warning"));
  const spread = MEAN_DEVIATIONS * (sampleStd ?? NaN);
  const bounds = { min_value: (mean ?? NaN) - spread, max_value: (mean ?? NaN) + spread };
  if (spread > 0 && Object.values(bounds).every(Number.isFinite))
    rules.push(rule("expect_column_mean_to_be_between", { column, ...bounds }, "warning"));
  if (profile.type === "string") rules.push(...proposeForText(profile, rows - missing));
  // A column that holds personal data is declared to, not told not to.
  const texts = top?.map(({ value }) => value) ?? [];
  if (profile.type === "string" && detectPersonal(texts).length === 0 && personalName(column, profile.type) === null)
    rules.push(rule("values_to_hold_no_personal_data", { column }, "critical"));
  return rules;
}

function proposeForText({ column, distinct, top }: ProfiledColumn, present: number): Rule[] {
  // All values are known only when the list is complete.
  if (!top || distinct === undefined || distinct > FEW_VALUES || top.length !== distinct) return [];
  const set = rule(
    "expect_column_values_to_be_in_set",
    { column, value_set: top.map(({ value }) => value) },
    "warning",
  );
  const total = top.reduce((sum, { count }) => sum + count, 0);
  if (total !== present || top.length < 2) return [set];
  const partition_object = { values: top.map(({ value }) => value), weights: top.map(({ count }) => count / total) };
  return [
    set,
    rule(
      "expect_column_kl_divergence_to_be_less_than",
      { column, partition_object, threshold: 0.1, tail_weight_holdout: 0.01 },
      "warning",
    ),
  ];
}

function rule(type: string, kwargs: Record<string, Json>, severity: Rule["severity"]): Rule {
  return { type, kwargs, severity };
}

/** Ranges of texts say nothing; those of numbers and times do. */
function isBound(value: number | string | undefined): value is number | string {
  return typeof value === "number" ? Number.isFinite(value) : value !== undefined && /^\d{4}-\d\d-\d\d/.test(value);
}

function floor(share: number): number {
  return Math.floor(share * 1000) / 1000;
}
