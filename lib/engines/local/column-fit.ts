import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { SQL_TYPES } from "./quote";
import { strictValue, typedValue } from "./value-sql";

/** DuckDB types whose values are values of the declared type, but for whole numbers that no double has: those end the query. */
const ACCEPTED: Record<ColumnType, RegExp> = {
  boolean: /^BOOLEAN$/,
  bigint: /^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT|HUGEINT)$/,
  double: /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|HUGEINT|FLOAT|DOUBLE|DECIMAL\(.*\))$/,
  string: /^(VARCHAR|UUID|ENUM\(.*\))$/,
  date: /^DATE$/,
  timestamp: /^(TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|DATE)$/,
  vector: /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|HUGEINT|FLOAT|DOUBLE|DECIMAL\(.*\))\[\d*\]$/,
  strings: /^VARCHAR\[\d*\]$/,
};

/** Whether a DuckDB column can be read as the declared type. A column of nulls fits all. */
export function fitsType(found: string, declared: ColumnType): boolean {
  return found === '"NULL"' || found === "NULL" || ACCEPTED[declared].test(found);
}

/**
 * SQL of a value that fits as its declared type, where nothing of it is lost: a whole number that no double has ends the query.
 * @param where what the message calls it
 */
export function declaredValue(value: string, found: string, declared: ColumnType, where: string): string {
  const exact = declared === "double" || declared === "vector" ? typedValue(found, declared, value) : null;
  return exact ? strictValue(exact, declared, where) : `CAST(${value} AS ${SQL_TYPES[declared]})`;
}
