import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { toRe2 } from "@/lib/domain/rules/re2";
import { momentsSql } from "../moments-sql";
import { quoteName, quoteNumber, quoteText } from "../quote";
import { allDiffer, compound, equal, greater, inPairs, isNumeric, pair, record, sumIs } from "./columns-rule";
import { literal } from "./rule-literal";

/** How a rule that judges row by row is asked of SQL. Neither expression is ever null. */
export interface MapRule {
  /** The row is left out: its value is missing. */
  missing: string;
  /** The row has a value that is not as expected. */
  unexpected: string;
  /** What is shown of an unexpected row: a value, a list of several, or several by name. */
  shown: { as: "value" | "list" | "record"; columns: readonly string[] };
  /** The rows, when more is needed than the table's columns. */
  relation?: (table: string, condition: string) => string;
}

/** The position of a row in the file, which the table carries for rules about order. */
const POSITION = '"__position"';

export function toMapRule({ type, kwargs }: Rule, types: ReadonlyMap<string, ColumnType>): MapRule {
  const name = String(kwargs.column);
  const column = quoteName(name);
  const columnType = types.get(name) as ColumnType;
  const missing = `${column} IS NULL`;
  const shown: MapRule["shown"] = { as: "value", columns: [name] };
  const values = (expected: string): MapRule => ({
    missing,
    unexpected: `(${column} IS NOT NULL AND NOT (${expected}))`,
    shown,
  });
  const inSet = () => {
    const set = (kwargs.value_set as Json[]).filter((value) => value !== null);
    if (set.length === 0) return "FALSE";
    return `${column} IN (${set.map((value) => literal(value, columnType, name)).join(", ")})`;
  };
  const ofText = (what: string) => {
    if (columnType !== "string")
      throw new DomainError("invalid", `${name} is ${columnType}; ${what} is for a string column.`);
  };
  const matches = (...regexes: Json[]) => {
    ofText("a regular expression");
    const parts = regexes.map((regex) => `regexp_matches(${column}, ${quoteText(toRe2(String(regex)))})`);
    return `(${parts.join(kwargs.match_on === "all" ? " AND " : " OR ")})`;
  };
  switch (type) {
    case "expect_column_values_to_not_be_null":
      return { missing: "FALSE", unexpected: missing, shown };
    case "expect_column_values_to_be_null":
      return { missing: "FALSE", unexpected: `${column} IS NOT NULL`, shown };
    case "expect_column_values_to_be_between":
      return values(between(column, kwargs, (bound) => literal(bound, columnType, name)));
    case "expect_column_values_to_be_in_set":
      return values(inSet());
    case "expect_column_values_to_not_be_in_set":
      return values(`NOT ${inSet()}`);
    case "expect_column_values_to_match_regex":
      return values(matches(kwargs.regex as Json));
    case "expect_column_values_to_not_match_regex":
      return values(`NOT ${matches(kwargs.regex as Json)}`);
    case "expect_column_values_to_match_regex_list":
      return values(matches(...(kwargs.regex_list as Json[])));
    case "expect_column_values_to_not_match_regex_list":
      return values(`NOT ${matches(...(kwargs.regex_list as Json[]))}`);
    case "expect_column_values_to_match_strftime_format":
      ofText("a format of times");
      return values(isTime(column, String(kwargs.strftime_format)));
    case "expect_column_value_z_scores_to_be_less_than":
      return zScores(kwargs, columnType);
    case "expect_column_value_lengths_to_be_between":
      return values(between(lengthOf(column, columnType, name), kwargs, String));
    case "expect_column_value_lengths_to_equal":
      return values(`${lengthOf(column, columnType, name)} = ${String(kwargs.value)}`);
    case "expect_column_values_to_be_unique":
      return {
        missing,
        unexpected: `(${missing.replace("IS NULL", "IS NOT NULL")} AND "__twins" > 1)`,
        shown,
        relation: (table, condition) =>
          `(SELECT *, count(*) OVER (PARTITION BY ${column}) AS "__twins" FROM ${table} WHERE ${condition})`,
      };
    case "expect_column_values_to_be_increasing":
    case "expect_column_values_to_be_decreasing": {
      const sign = `${type.endsWith("increasing") ? "<" : ">"}${kwargs.strictly === true ? "=" : ""}`;
      return {
        missing,
        unexpected: `COALESCE(${column} ${sign} "__before", FALSE)`,
        shown,
        // What is missing has no place in the order: values are compared with the last one before them.
        relation: (table, condition) =>
          `(SELECT *, lag(${column} IGNORE NULLS) OVER (ORDER BY ${POSITION}) AS "__before" FROM ${table} WHERE ${condition})`,
      };
    }
    case "expect_column_pair_values_a_to_be_greater_than_b":
      return pair(kwargs, greater(kwargs, types));
    case "expect_column_pair_values_to_be_equal":
      return pair(kwargs, equal(String(kwargs.column_A), String(kwargs.column_B), types));
    case "expect_column_pair_values_to_be_in_set":
      return pair(kwargs, inPairs(kwargs, types));
    case "expect_multicolumn_sum_to_equal":
      return record(kwargs, sumIs(kwargs, types));
    case "expect_select_column_values_to_be_unique_within_record":
      return record(kwargs, allDiffer(kwargs, types));
    case "expect_compound_columns_to_be_unique":
      return compound(kwargs);
    default:
      throw new DomainError("unsupported", `The local engine cannot check ${type}.`);
  }
}

function between(
  subject: string,
  { min_value, max_value, strict_min, strict_max }: Rule["kwargs"],
  quote: (bound: Json) => string,
): string {
  const parts = [
    ...(min_value === undefined || min_value === null
      ? []
      : [`${subject} ${strict_min === true ? ">" : ">="} ${quote(min_value)}`]),
    ...(max_value === undefined || max_value === null
      ? []
      : [`${subject} ${strict_max === true ? "<" : "<="} ${quote(max_value)}`]),
  ];
  return parts.join(" AND ");
}

/** As Python's `strptime` takes texts: blanks around them are part of them, and Z is an offset. */
function isTime(column: string, format: string): string {
  const text = format.endsWith("%z") ? `regexp_replace(${column}, 'Z$', '+0000')` : column;
  const isTight = format.trim() === format ? ` AND NOT regexp_matches(${column}, '^\\s|\\s$')` : "";
  return `try_strptime(${text}, ${quoteText(format)}) IS NOT NULL${isTight}`;
}

function lengthOf(column: string, type: ColumnType, name: string): string {
  if (type === "string") return `length(${column})`;
  if (type === "strings" || type === "vector") return `len(${column})`;
  throw new DomainError("invalid", `${name} is ${type}, which has no length.`);
}

/** How many standard deviations of the sample a value is from the mean. Where there is none (one value, all equal) nothing is unexpected. */
function zScores(kwargs: Rule["kwargs"], columnType: ColumnType): MapRule {
  const name = String(kwargs.column);
  if (!isNumeric(columnType))
    throw new DomainError(
      "invalid",
      `${name} is ${columnType}; a distance from the mean is of bigint and double columns.`,
    );
  const column = quoteName(name);
  const doubleSided = kwargs.double_sided === true;
  const threshold = quoteNumber(doubleSided ? Math.abs(Number(kwargs.threshold)) : Number(kwargs.threshold));
  return {
    missing: `${column} IS NULL`,
    unexpected: `(${column} IS NOT NULL AND COALESCE(NOT (${doubleSided ? `abs("__z")` : `"__z"`} < ${threshold}), FALSE))`,
    shown: { as: "value", columns: [name] },
    relation: (table, condition) => {
      const rows = `(${condition}) AND ${column} IS NOT NULL`;
      const isFinite = `isfinite(${column}::DOUBLE)`;
      // Infinities and NaN have no spread; DuckDB refuses it even where it is not asked for.
      const { mean, sampleStd } = momentsSql(column, columnType === "bigint", table, `${rows} AND ${isFinite}`);
      const areFinite = `bool_and(${isFinite}) FILTER (WHERE ${rows})`;
      const moments = `(SELECT CASE WHEN ${areFinite} THEN ${mean} END AS "__mean", CASE WHEN ${areFinite} THEN nullif(${sampleStd}, 0) END AS "__std" FROM ${table})`;
      return `(SELECT t.*, (${column}::DOUBLE - m."__mean") / m."__std" AS "__z" FROM ${table} t, ${moments} m WHERE ${condition})`;
    },
  };
}
