/** SQL of values as the formats of an answer have them. Pure. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { CellType, HistoryFormat } from "@/lib/domain/joins/feature-history";
import { SQL_TYPES } from "../quote";

/** What a column's SQL gives: a value of a type; the text of a cell of the request; or the moment `t` with the cell's text `c`. */
export type ShownType = { kind: "value"; type: ColumnType } | { kind: "cell"; type: CellType } | { kind: "moment" };

/** Microseconds since 1970 of a date or a time; null for none, and for infinity, which is no moment. */
export const microsOf = (time: string) => `epoch_us(CAST(${time} AS TIMESTAMP))`;

/** ISO in UTC with three digits of a second, six where the instant has them. */
const isoOf = (time: string) => `regexp_replace(strftime(${time}, '%Y-%m-%dT%H:%M:%S.%f'), '000$', '') || 'Z'`;

const quoted = (sql: string) => `'"' || ${sql} || '"'`;

/** JSON has no word for what is not finite. */
const jsonDouble = (value: string) =>
  `CASE WHEN isnan(${value}) THEN '"NaN"' WHEN isinf(${value}) THEN if(${value} > 0, '"Infinity"', '"-Infinity"') ELSE CAST(to_json(${value}) AS VARCHAR) END`;

function jsonOf(value: string, type: ShownType): string {
  if (type.kind === "moment") return `CAST(to_json(${value}.c) AS VARCHAR)`;
  if (type.kind === "cell") return type.type === "string" ? `CAST(to_json(${value}) AS VARCHAR)` : value;
  switch (type.type) {
    case "double":
      return jsonDouble(value);
    case "vector":
      return `'[' || array_to_string(list_transform(${value}, lambda e: coalesce(${jsonDouble("e")}, 'null')), ',') || ']'`;
    case "timestamp":
      return quoted(isoOf(value));
    default:
      return `CAST(to_json(${value}) AS VARCHAR)`;
  }
}

/** The text of a value's JSON, never null. */
export const jsonText = (value: string, type: ShownType) => `coalesce(${jsonOf(value, type)}, 'null')`;

/** The type that a column has in Parquet and Arrow. */
export function columnType(type: ShownType): ColumnType {
  if (type.kind === "moment") return "timestamp";
  return type.type === "json" ? "string" : type.type;
}

/** A value as a column of a file. A cell has its type in Parquet and Arrow, and its own text in CSV. Arrow's times are numbers (`writeArrow`). */
export function columnValue(value: string, type: ShownType, format: Exclude<HistoryFormat, "json">): string {
  if (format === "arrow") {
    if (type.kind === "moment") return `${value}.t`;
    if (type.kind === "value" && type.type === "timestamp") return `epoch_us(${value})`;
    if (type.kind === "value" && type.type === "date") return `CAST(${value} - DATE '1970-01-01' AS INTEGER)`;
  }
  if (type.kind === "moment") return format === "csv" ? `${value}.c` : `make_timestamp(${value}.t)`;
  if (type.kind === "cell") {
    if (format === "csv" || type.type === "json" || type.type === "string") return value;
    return `CAST(${value} AS ${SQL_TYPES[type.type]})`;
  }
  if (format !== "csv") return value;
  switch (type.type) {
    case "timestamp":
      return isoOf(value);
    case "double":
      return `trim(${jsonDouble(value)}, '"')`;
    case "vector":
    case "strings":
      return jsonOf(value, type);
    default:
      return value;
  }
}
