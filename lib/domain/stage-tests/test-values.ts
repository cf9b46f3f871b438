import type { ColumnType } from "../definitions/column-type";
import type { TestValue } from "../definitions/stage-test";
import type { Json } from "../definitions/rule";

/** What is no finite number, as a spec and a report write it. */
const WORDS: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);

const LEAST_BIGINT = -(2n ** 63n);
const MOST_BIGINT = 2n ** 63n - 1n;

/** Whether a value can be of a column of this type. Null can. */
export function isValueOf(type: ColumnType, value: TestValue): boolean {
  if (value === null) return true;
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "bigint": {
      const number = bigintOf(value);
      return number !== null && number >= LEAST_BIGINT && number <= MOST_BIGINT;
    }
    case "double":
      return typeof value === "number" || WORDS.has(value);
    case "string":
      return typeof value === "string";
    case "date":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && instantOf(value) !== null;
    case "timestamp":
      return typeof value === "string" && instantOf(value) !== null;
    case "vector":
      return Array.isArray(value) && value.every((item) => isValueOf("double", item));
    case "strings":
      return Array.isArray(value) && value.every((item) => isValueOf("string", item));
  }
}

/**
 * Whether a value that was found is the expected one of a column of this type. Doubles may differ by the tolerance; without one,
 * by 1e-9, relative to an expected value above 1. NaN is NaN.
 */
export function isExpected(type: ColumnType, expected: unknown, found: unknown, tolerance?: number): boolean {
  if (expected === null || expected === undefined || found === null || found === undefined)
    return (expected ?? null) === (found ?? null);
  switch (type) {
    case "double":
      return isNear(Number(expected), Number(found), tolerance);
    case "bigint":
      return bigintOf(expected) === bigintOf(found);
    case "date":
    case "timestamp":
      return instantOf(String(expected)) === instantOf(String(found));
    case "vector":
      return sameItems(expected, found, (one, other) => isExpected("double", one, other, tolerance));
    case "strings":
      return sameItems(expected, found, (one, other) => one === other);
    default:
      return expected === found;
  }
}

function isNear(expected: number, found: number, tolerance?: number): boolean {
  if (!Number.isFinite(expected) || !Number.isFinite(found)) return Object.is(expected, found);
  return Math.abs(expected - found) <= (tolerance ?? 1e-9 * Math.max(1, Math.abs(expected)));
}

function sameItems(expected: unknown, found: unknown, same: (one: unknown, other: unknown) => boolean): boolean {
  return (
    Array.isArray(expected) &&
    Array.isArray(found) &&
    expected.length === found.length &&
    expected.every((item, index) => same(item, found[index]))
  );
}

function bigintOf(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === "string" && /^-?\d{1,19}$/.test(value) ? BigInt(value) : null;
}

/** Milliseconds since 1970; an instant without a zone is in UTC. Null for what is none. */
function instantOf(text: string): number | null {
  const iso = /^\d{4}-\d\d-\d\d$/.test(text) ? text : text.replace(" ", "T");
  const zoned = /([zZ]|[+-]\d\d:?\d\d)$/.test(iso.slice(10)) || iso.length === 10 ? iso : `${iso}Z`;
  const at = /^\d{4}-\d\d-\d\d(T|$)/.test(iso) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** A value by which rows are told apart: equal values of a column have equal texts. */
export function identityText(type: ColumnType, value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (type === "date" || type === "timestamp") return String(instantOf(String(value)));
  if (type === "bigint") return String(bigintOf(value));
  return JSON.stringify(value);
}

/** A value as JSON can carry it. */
export function reportable(value: unknown): Json {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(reportable);
  return (value ?? null) as Json;
}
