import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Slice } from "@/lib/domain/profiles/slice";
import { SQL_TYPES, millisecondsOf, quoteNumber, quoteText } from "./quote";

const NUMBERS: ReadonlySet<ColumnType> = new Set(["bigint", "double"]);
const INSTANTS: ReadonlySet<ColumnType> = new Set(["date", "timestamp"]);
const LISTS: ReadonlySet<ColumnType> = new Set(["vector", "strings"]);

/**
 * A slice as SQL over a column's expression. Ranges are of numbers, or of milliseconds since 1970 for instants, as in the edges
 * of histograms; NaN is in no range. Throws `invalid` for a bar that a column of the type has not.
 */
export function sliceCondition(slice: Slice & { type: ColumnType }, sql: string): string {
  const { type } = slice;
  switch (slice.kind) {
    case "missing":
      return `${sql} IS NULL`;
    case "nan":
      return type === "double" ? `isnan(${sql})` : "false";
    case "above":
    case "range": {
      if (!NUMBERS.has(type) && !INSTANTS.has(type)) throw refusal(slice, "a range");
      const value = INSTANTS.has(type) ? millisecondsOf(`CAST(${sql} AS TIMESTAMP)`) : sql;
      const number = `CAST(${value} AS DOUBLE)`;
      return [
        `${sql} IS NOT NULL`,
        ...(type === "double" ? [`NOT isnan(${sql})`] : []),
        ...(slice.from === null ? [] : [`${number} ${slice.kind === "above" ? ">" : ">="} ${quoteNumber(slice.from)}`]),
        ...(slice.kind === "above" || slice.to === null
          ? []
          : [`${number} ${slice.closed ? "<=" : "<"} ${quoteNumber(slice.to)}`]),
      ].join(" AND ");
    }
    case "value":
      if (LISTS.has(type)) throw refusal(slice, "a value");
      return `${sql} = ${valueSql(slice.value, type)}`;
    case "other": {
      if (LISTS.has(type)) throw refusal(slice, "other values");
      const listed = slice.values.map((value) => valueSql(value, type)).join(", ");
      return `${sql} IS NOT NULL${slice.values.length === 0 ? "" : ` AND coalesce(${sql} NOT IN (${listed}), true)`}`;
    }
  }
}

/** Text that is no value of the type is null, which nothing equals. Instants may be given in milliseconds since 1970. */
function valueSql(text: string, type: ColumnType): string {
  if (INSTANTS.has(type) && /^-?\d+$/.test(text)) return `CAST(epoch_ms(${text}) AS ${SQL_TYPES[type]})`;
  return type === "string" ? quoteText(text) : `TRY_CAST(${quoteText(text)} AS ${SQL_TYPES[type]})`;
}

function refusal({ column, type }: Slice & { type: ColumnType }, what: string): DomainError {
  return new DomainError("invalid", `${column} is ${type} and cannot be sliced by ${what}.`, {
    issues: [{ path: ["slice"], message: `expected a bar of a ${type} column`, found: column }],
  });
}
