import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { normalInstant } from "@/lib/domain/instant";

/** An SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A DOUBLE literal with every digit: DuckDB reads `0.1` as a decimal and `0.1e0` as a double. */
export function quoteNumber(value: number): string {
  if (!Number.isFinite(value)) return `'${value}'::DOUBLE`;
  const digits = String(value);
  const text = digits.includes("e") ? digits : `${digits}e0`;
  return value < 0 || Object.is(value, -0) ? `(${text})` : text;
}

/** A naive UTC timestamp literal from an ISO instant. */
export function quoteInstant(iso: string): string {
  const instant = normalInstant(iso);
  if (instant === null) throw new RangeError(`Not an instant: ${iso}`);
  return `TIMESTAMP '${instant.replace("T", " ").replace("Z", "")}'`;
}

/**
 * Condition that a date or time is of the years 1 to 9999: ISO 8601 texts, PostgreSQL, Python and JavaScript agree on those, and infinity
 * is no moment in any of them.
 */
export function inCalendar(time: string): string {
  // As dates, because dates are of more years than timestamps can be.
  return `((${time}) >= DATE '0001-01-01' AND (${time}) < DATE '10000-01-01')`;
}

/** Milliseconds since 1970 of a finite TIMESTAMP as a DOUBLE; microseconds are its fraction. */
export function millisecondsOf(time: string): string {
  return `(epoch_us(${time}) / 1000e0)`;
}

export const SQL_TYPES: Record<ColumnType, string> = {
  boolean: "BOOLEAN",
  bigint: "BIGINT",
  double: "DOUBLE",
  string: "VARCHAR",
  date: "DATE",
  timestamp: "TIMESTAMP",
  vector: "DOUBLE[]",
  strings: "VARCHAR[]",
};
