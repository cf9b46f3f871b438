import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { toRe2 } from "@/lib/domain/rules/re2";
import { quoteName, quoteText } from "../quote";
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
  const matches = () => {
    if (columnType !== "string")
      throw new DomainError("invalid", `${name} is ${columnType}; a regular expression is for a string column.`);
    return `regexp_matches(${column}, ${quoteText(toRe2(String(kwargs.regex)))})`;
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
      return values(matches());
    case "expect_column_values_to_not_match_regex":
      return values(`NOT ${matches()}`);
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
      return pair(kwargs, types);
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

function lengthOf(column: string, type: ColumnType, name: string): string {
  if (type === "string") return `length(${column})`;
  if (type === "strings" || type === "vector") return `len(${column})`;
  throw new DomainError("invalid", `${name} is ${type}, which has no length.`);
}

function pair(kwargs: Rule["kwargs"], types: ReadonlyMap<string, ColumnType>): MapRule {
  const [a, b] = [String(kwargs.column_A), String(kwargs.column_B)];
  const [one, other] = [quoteName(a), quoteName(b)];
  if (isNumeric(types.get(a)) !== isNumeric(types.get(b)))
    throw new DomainError("invalid", `${a} is ${types.get(a)} and ${b} is ${types.get(b)}: they cannot be compared.`);
  const missing =
    kwargs.ignore_row_if === "neither"
      ? "FALSE"
      : kwargs.ignore_row_if === "either_value_is_missing"
        ? `(${one} IS NULL OR ${other} IS NULL)`
        : `(${one} IS NULL AND ${other} IS NULL)`;
  const sign = kwargs.or_equal === true ? ">=" : ">";
  return {
    missing,
    unexpected: `(NOT ${missing} AND NOT COALESCE(${one} ${sign} ${other}, FALSE))`,
    shown: { as: "list", columns: [a, b] },
  };
}

function isNumeric(type: ColumnType | undefined): boolean {
  return type === "bigint" || type === "double";
}

function compound(kwargs: Rule["kwargs"]): MapRule {
  const names = kwargs.column_list as string[];
  const columns = names.map(quoteName);
  const isMissing = (joint: string) => `(${columns.map((column) => `${column} IS NULL`).join(` ${joint} `)})`;
  const missing =
    kwargs.ignore_row_if === "never"
      ? "FALSE"
      : kwargs.ignore_row_if === "any_value_is_missing"
        ? isMissing("OR")
        : isMissing("AND");
  return {
    missing,
    unexpected: `(NOT ${missing} AND "__twins" > 1)`,
    shown: { as: "record", columns: names },
    relation: (table, condition) =>
      `(SELECT *, count(*) OVER (PARTITION BY ${columns.join(", ")}) AS "__twins" FROM ${table} WHERE ${condition})`,
  };
}
