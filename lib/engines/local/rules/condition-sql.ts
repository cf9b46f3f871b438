import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { parseRowCondition, type RowCondition } from "@/lib/domain/rules/row-condition";
import { quoteName } from "../quote";
import { literal } from "./rule-literal";

/** A `row_condition` as SQL that is never null: a row whose value is missing is not among those looked at. */
export function conditionSql(text: string | undefined, types: ReadonlyMap<string, ColumnType>): string {
  return text === undefined ? "TRUE" : `COALESCE(${toSql(parseRowCondition(text), types)}, FALSE)`;
}

function toSql(condition: RowCondition, types: ReadonlyMap<string, ColumnType>): string {
  switch (condition.kind) {
    case "and":
    case "or":
      return `(${condition.parts.map((part) => toSql(part, types)).join(` ${condition.kind.toUpperCase()} `)})`;
    case "not":
      return `(NOT ${toSql(condition.part, types)})`;
    case "null":
      return `(${quoteName(condition.column)} IS NULL)`;
    case "notNull":
      return `(${quoteName(condition.column)} IS NOT NULL)`;
    case "in": {
      const type = types.get(condition.column) as ColumnType;
      const values = condition.values.map((value) => literal(value, type, condition.column));
      return values.length === 0 ? "FALSE" : `(${quoteName(condition.column)} IN (${values.join(", ")}))`;
    }
    case "compare": {
      const value = literal(condition.value, types.get(condition.column) as ColumnType, condition.column);
      return `(${quoteName(condition.column)} ${condition.operator} ${value})`;
    }
  }
}
