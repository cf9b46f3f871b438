/** A DuckDB value as JSON can carry it: safe integers as numbers, larger ones as decimal strings, instants as ISO text. */
export function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toPlain);
  return value;
}
