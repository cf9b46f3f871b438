import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { normalInstant } from "@/lib/domain/instant";

/** When a value is older than everything: what Feast's wire uses for "no time". */
export const EPOCH = "1970-01-01T00:00:00Z";

/**
 * A value as JSON text by its column's type. A double has a decimal point even when it is whole, because clients infer integers from
 * numbers without one; 64-bit integers keep all digits; NaN and infinities travel as strings, since JSON has no word for them.
 */
export function encodeValue(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return "null";
  switch (type) {
    case "double":
      return encodeDouble(Number(value));
    case "bigint":
      return typeof value === "number" || typeof value === "bigint"
        ? String(value)
        : JSON.stringify(value).replaceAll('"', "");
    case "boolean":
      return value ? "true" : "false";
    case "timestamp":
    case "date":
      return JSON.stringify(value instanceof Date ? encodeInstant(value) : String(value));
    case "vector":
      return `[${(value as unknown[]).map((item) => encodeValue(item, "double")).join(",")}]`;
    case "strings":
      return JSON.stringify((value as unknown[]).map(String));
    case "string":
      return JSON.stringify(String(value));
  }
}

function encodeDouble(value: number): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** RFC 3339 with Z, without a fraction where there is none. */
export function encodeInstant(at: Date | string): string {
  const iso = typeof at === "string" ? normalInstant(at) : at.toISOString();
  if (iso === null) throw new RangeError(`Not an instant: ${String(at)}`);
  return iso.replace(".000Z", "Z");
}
