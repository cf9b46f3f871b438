import { DomainError } from "./errors";

/**
 * The one text of a JSON value, for hashing: members sorted by UTF-16 code units, no white space, numbers and strings
 * as ECMAScript writes them (RFC 8785). Members whose value is undefined are left out, so that an object hashes the
 * same before and after a database kept it; `toJSON` (dates) is honoured; bigints are integers with all their digits. Throws
 * `invalid` for what JSON cannot carry: undefined, functions, NaN, infinities, lone surrogates and cycles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, [], new Set());
}

/** A value that has been written already, to be part of another one. */
export class CanonicalText {
  constructor(readonly text: string) {}
}

/** Where the writing is, which only an error needs: one list for all, because a copy for each member takes longer than the writing. */
type Path = (string | number)[];

function write(value: unknown, path: Path, ancestors: Set<object>): string {
  switch (typeof value) {
    case "string":
      return writeString(value, path);
    case "boolean":
      return String(value);
    case "number":
      if (!Number.isFinite(value)) throw notJson(path, String(value));
      return JSON.stringify(value);
    case "bigint":
      return String(value);
    case "object":
      break;
    default:
      throw notJson(path, typeof value);
  }
  if (value === null) return "null";
  if (value instanceof CanonicalText) return value.text;
  if (hasToJson(value)) return write(value.toJSON(), path, ancestors);
  if (ancestors.has(value)) throw notJson(path, "a value that contains itself");
  ancestors.add(value);
  const text = Array.isArray(value)
    ? `[${Array.from(value, (item: unknown, index) => writeAt(index, item, path, ancestors)).join(",")}]`
    : writeMembers(value as Record<string, unknown>, path, ancestors);
  ancestors.delete(value);
  return text;
}

function writeMembers(object: Record<string, unknown>, path: Path, ancestors: Set<object>): string {
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${writeString(key, path)}:${writeAt(key, object[key], path, ancestors)}`);
  return `{${members.join(",")}}`;
}

function writeAt(key: string | number, value: unknown, path: Path, ancestors: Set<object>): string {
  path.push(key);
  const text = write(value, path, ancestors);
  path.pop();
  return text;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function writeString(text: string, path: readonly (string | number)[]): string {
  if (LONE_SURROGATE.test(text)) throw notJson(path, "a string with a lone surrogate");
  return JSON.stringify(text);
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

function notJson(path: readonly (string | number)[], found: string): DomainError {
  const place = path.length === 0 ? "The value" : `The value at ${path.join(".")}`;
  return new DomainError("invalid", `${place} cannot be written as JSON: found ${found}.`, {
    issues: [{ path: [...path], message: "Not a JSON value.", expected: "a JSON value", found }],
  });
}
