/** Values of a request by the types of the columns that they are for. */
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { normalInstant } from "@/lib/domain/instant";

const WORDS: Record<ColumnType, string> = {
  boolean: "true or false",
  bigint: "a whole number of 64 bits",
  double: "a number",
  string: "a text",
  date: "a date such as 2001-06-01",
  timestamp: "an instant such as 2001-06-01T06:00:00Z",
  vector: "a list of numbers",
  strings: "a list of texts",
};

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;
/** How answers write what JSON has no word for. */
const WRITTEN_OUT = new Set(["NaN", "Infinity", "-Infinity"]);

/** What a value of the type is, in words. */
export const typeInWords = (type: ColumnType): string => WORDS[type];

/** The value as it is scored, null for null; undefined for what is none of the type. Nothing is rounded. */
export function takeValue(value: unknown, type: ColumnType): unknown {
  if (value === null) return null;
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "bigint":
      if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
      return typeof value === "bigint" && value >= LEAST && value <= MOST ? value : undefined;
    case "double":
      if (typeof value === "bigint") return BigInt(Number(value)) === value ? Number(value) : undefined;
      if (typeof value === "string") return WRITTEN_OUT.has(value) ? Number(value) : undefined;
      return typeof value === "number" ? value : undefined;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value) ? value : undefined;
    case "timestamp":
      return (typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) && normalInstant(value)) || undefined;
    case "vector":
      return Array.isArray(value) && value.every((one) => typeof one === "number") ? value : undefined;
    case "strings":
      return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;
  }
}

/** 2001-02-30 is none, though JavaScript reads it. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** A taken value as JSON text, in the words that the online store has. */
export function encodeTaken(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number") return JSON.stringify(value);
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? "-0.0" : String(value);
}
