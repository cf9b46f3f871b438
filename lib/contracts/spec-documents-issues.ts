import type { z } from "zod";
import type { DefinitionKind } from "@/lib/domain/definitions/definition";
import type { Issue } from "@/lib/domain/errors";
import { textOfJson } from "@/lib/domain/exact-integers";
import type { Locate, SpecPath } from "@/lib/domain/specs/placed-definition";
import { nearest } from "@/lib/domain/names/nearest-name";

const TYPES: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list of two",
  object: "a mapping",
  record: "a mapping",
};

/** What a schema found wrong in a document, each with its place, what was expected there and what was found. */
export function schemaIssues(
  error: z.ZodError,
  kind: DefinitionKind,
  document: Record<string, unknown>,
  locate: Locate,
): Issue[] {
  const subject = typeof document.name === "string" ? `${kind} ${document.name}` : kind;
  return error.issues.flatMap((issue) =>
    explain(issue, document).map(({ path, message, expected, found }) => ({
      ...locate(path),
      message: `${subject}: ${message}${/[.?]$/.test(message) ? "" : "."}`,
      ...(expected !== undefined && { expected }),
      found: found ?? show(valueAt(document, path)),
    })),
  );
}

interface Explanation {
  path: SpecPath;
  message: string;
  expected?: string;
  found?: string;
}

function explain(issue: z.core.$ZodIssue, document: unknown): Explanation[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  const value = valueAt(document, path);
  const missing = value === undefined;
  const about = (said: string, fallback?: string): Explanation => {
    const [message, expected] = said.split("\t");
    return { path, message: `${fieldName(path)} ${message}`, expected: expected ?? fallback };
  };
  // A schema that speaks for itself.
  if (issue.message.includes("\t") && issue.code !== "unrecognized_keys") return [about(issue.message)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.message.split("\n").map((said, index) => {
        const key = issue.keys[index] ?? "";
        const [message, expected] = said.split("\t");
        return { path: [...path, key], message: `\`${key}\` ${message}`, expected, found: key };
      });
    case "invalid_key":
      return issue.issues.slice(0, 1).map((inner) => ({ ...about(inner.message), found: String(path.at(-1)) }));
    case "invalid_type": {
      const expected = TYPES[issue.expected] ?? issue.expected;
      return [about(missing ? "is missing" : `must be ${expected}`, expected)];
    }
    case "invalid_value": {
      const words = issue.values.map(String);
      const near = typeof value === "string" ? nearest(value, words) : undefined;
      const unknown = `has an unknown value${near ? `; did you mean \`${near}\`?` : ""}`;
      const expected = words.length > 1 ? `one of ${words.join(", ")}` : words[0];
      return [about(missing ? "is missing" : unknown, expected)];
    }
    case "too_small":
      return [about("is too small", `at least ${String(issue.minimum)}`)];
    case "too_big":
      return [about("is too large", `at most ${String(issue.maximum)}`)];
    default:
      return [about(missing ? "is missing" : issue.message)];
  }
}

/** `inputs[1]`: the last thing of a path that has a name, and its number in it. */
function fieldName(path: SpecPath): string {
  const named = path.findLastIndex((key) => typeof key === "string");
  const numbers = path.slice(named + 1).map((index) => `[${index}]`);
  return `\`${path[named] ?? "document"}${numbers.join("")}\``;
}

function valueAt(document: unknown, path: SpecPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    document,
  );
}

/** A value short enough for a line. */
function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : (textOfJson(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
