import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { Json, Rule } from "@/lib/domain/definitions/rule";
import { DomainError } from "@/lib/domain/errors";
import { quoteName } from "../quote";
import type { MapRule } from "./map-rule";
import { literal } from "./rule-literal";

/** What is neither left out nor as expected, which an unknown comparison is not. */
const unexpectedUnless = (missing: string, expected: string) => ({
  unexpected: `(NOT ${missing} AND NOT COALESCE(${expected}, FALSE))`,
});

/** A rule that compares two columns; `expected` is SQL that may be null. */
export function pair(kwargs: Rule["kwargs"], expected: string): MapRule {
  const [a, b] = [String(kwargs.column_A), String(kwargs.column_B)];
  const [one, other] = [quoteName(a), quoteName(b)];
  const missing =
    kwargs.ignore_row_if === "neither"
      ? "FALSE"
      : kwargs.ignore_row_if === "either_value_is_missing"
        ? `(${one} IS NULL OR ${other} IS NULL)`
        : `(${one} IS NULL AND ${other} IS NULL)`;
  return { missing, ...unexpectedUnless(missing, expected), shown: { as: "list", columns: [a, b] } };
}

type Types = ReadonlyMap<string, ColumnType>;

export function greater({ column_A: a, column_B: b, or_equal: orEqual }: Rule["kwargs"], types: Types): string {
  const [one, other] = comparable(String(a), String(b), types);
  if (!areWholeAndReal(String(a), String(b), types)) return `${one} ${orEqual === true ? ">=" : ">"} ${other}`;
  // A whole number may have more digits than a double: where both are the same double, the digits decide.
  const exactly = `TRY_CAST(${one} AS HUGEINT) ${orEqual === true ? ">=" : ">"} TRY_CAST(${other} AS HUGEINT)`;
  return `(${one}::DOUBLE > ${other}::DOUBLE OR (${one}::DOUBLE = ${other}::DOUBLE AND COALESCE(${exactly}, ${orEqual === true})))`;
}

export function equal(a: string, b: string, types: Types): string {
  const [one, other] = comparable(a, b, types);
  return areWholeAndReal(a, b, types)
    ? `(${one}::DOUBLE = ${other}::DOUBLE AND TRY_CAST(${one} AS HUGEINT) = TRY_CAST(${other} AS HUGEINT))`
    : `${one} = ${other}`;
}

/** Both columns as names of SQL. Throws `invalid` when values of the one cannot be compared with values of the other. */
function comparable(a: string, b: string, types: Types): [one: string, other: string] {
  if (!canCompare(types.get(a), types.get(b)))
    throw new DomainError("invalid", `${a} is ${types.get(a)} and ${b} is ${types.get(b)}: they cannot be compared.`);
  return [quoteName(a), quoteName(b)];
}

const TIMES: readonly (ColumnType | undefined)[] = ["date", "timestamp"];

const canCompare = (one: ColumnType | undefined, other: ColumnType | undefined) =>
  one === other || (isNumeric(one) && isNumeric(other)) || (TIMES.includes(one) && TIMES.includes(other));

const areWholeAndReal = (a: string, b: string, types: Types) =>
  isNumeric(types.get(a)) && isNumeric(types.get(b)) && types.get(a) !== types.get(b);

export function inPairs({ column_A: a, column_B: b, value_pairs_set: pairs }: Rule["kwargs"], types: Types): string {
  const is = (name: string, value: Json) =>
    value === null
      ? `${quoteName(name)} IS NULL`
      : `COALESCE(${quoteName(name)} = ${literal(value, types.get(name) as ColumnType, name)}, FALSE)`;
  const listed = (pairs as [Json, Json][]).map(([one, other]) => `(${is(String(a), one)} AND ${is(String(b), other)})`);
  return `(${listed.join(" OR ")})`;
}

export function isNumeric(type: ColumnType | undefined): boolean {
  return type === "bigint" || type === "double";
}

/** Sums of whole numbers are exact; those of others are as the machine adds from left to right. */
export function sumIs({ column_list: list, sum_total: total }: Rule["kwargs"], types: Types): string {
  const names = list as string[];
  const stranger = names.find((name) => !isNumeric(types.get(name)));
  if (stranger !== undefined)
    throw new DomainError("invalid", `${stranger} is ${types.get(stranger)}; a sum is of bigint and double columns.`);
  const areWhole = names.every((name) => types.get(name) === "bigint");
  const sum = names.map((name) => `${quoteName(name)}::${areWhole ? "HUGEINT" : "DOUBLE"}`).join(" + ");
  return `(${sum}) = ${literal(total as Json, areWhole ? "bigint" : "double", "The sum")}`;
}

/** No two of the columns have the same value, and no two have none. */
export function allDiffer({ column_list: list }: Rule["kwargs"], types: Types): string {
  const names = list as string[];
  const alike = names.flatMap((a, at) =>
    names
      .slice(at + 1)
      .flatMap((b) => [
        `(${quoteName(a)} IS NULL AND ${quoteName(b)} IS NULL)`,
        ...(canCompare(types.get(a), types.get(b)) ? [`COALESCE(${equal(a, b, types)}, FALSE)`] : []),
      ]),
  );
  return alike.length === 0 ? "TRUE" : `NOT (${alike.join(" OR ")})`;
}

/** Rules on several columns of a row: which rows are left out, and what is shown of the others. */
function several(kwargs: Rule["kwargs"]): Pick<MapRule, "missing" | "shown"> {
  const names = kwargs.column_list as string[];
  const columns = names.map(quoteName);
  const isMissing = (joint: string) => `(${columns.map((column) => `${column} IS NULL`).join(` ${joint} `)})`;
  const missing =
    kwargs.ignore_row_if === "never"
      ? "FALSE"
      : kwargs.ignore_row_if === "any_value_is_missing"
        ? isMissing("OR")
        : isMissing("AND");
  return { missing, shown: { as: "record", columns: names } };
}

/** The same of a list of columns. */
export function record(kwargs: Rule["kwargs"], expected: string): MapRule {
  const facts = several(kwargs);
  return { ...facts, ...unexpectedUnless(facts.missing, expected) };
}

/** Whether several columns together are a key. */
export function compound(kwargs: Rule["kwargs"]): MapRule {
  const { missing, shown } = several(kwargs);
  const columns = (kwargs.column_list as string[]).map(quoteName);
  return {
    missing,
    unexpected: `(NOT ${missing} AND "__twins" > 1)`,
    shown,
    relation: (table, condition) =>
      `(SELECT *, count(*) OVER (PARTITION BY ${columns.join(", ")}) AS "__twins" FROM ${table} WHERE ${condition})`,
  };
}
