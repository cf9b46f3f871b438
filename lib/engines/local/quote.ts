import type { ColumnType } from "@/lib/domain/definitions/column-type";

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
  const instant = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(iso) || /^\d{4}-\d\d-\d\d$/.test(iso) ? iso : `${iso}Z`);
  return `TIMESTAMP '${instant.toISOString().replace("T", " ").replace("Z", "")}'`;
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
