import type { ColumnType } from "@/lib/domain/definitions/column-type";

/** How one value online compares with the same key's value offline. What is null is missing, for whoever reads it cannot tell. */
export type SkewOutcome = "match" | "mismatch" | "missingOnline" | "missingOffline";

/** Two ways to write down a double may differ in its last digits; values that were computed differently differ by more. */
const RELATIVE_TOLERANCE = 1e-9;

/**
 * Compares values as the online store writes them: JSON text, null where there is none. Doubles match within a relative 1e-9, NaN
 * matches NaN and an infinity itself; timestamps match as instants; everything else exactly, 64-bit integers to the last digit.
 */
export function compareValues(online: string | null, offline: string | null, type: ColumnType): SkewOutcome {
  const isMissing = (text: string | null) => text === null || text === "null";
  if (isMissing(online)) return isMissing(offline) ? "match" : "missingOnline";
  if (isMissing(offline)) return "missingOffline";
  return online === offline || areEqual(JSON.parse(online as string), JSON.parse(offline as string), type)
    ? "match"
    : "mismatch";
}

function areEqual(one: unknown, other: unknown, type: ColumnType): boolean {
  switch (type) {
    case "double":
      return areClose(one, other);
    case "vector":
      return (
        Array.isArray(one) &&
        Array.isArray(other) &&
        one.length === other.length &&
        one.every((value, index) => areClose(value, other[index]))
      );
    case "timestamp":
    case "date":
      return Date.parse(String(one)) === Date.parse(String(other));
    default:
      return false;
  }
}

/** NaN and infinities are strings here, and equal only when their texts are. */
function areClose(one: unknown, other: unknown): boolean {
  if (typeof one !== "number" || typeof other !== "number") return one === other;
  return Math.abs(one - other) <= RELATIVE_TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
}
