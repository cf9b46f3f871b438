import type { Issues } from "./issues";

/** A column of either kind, null where a value is missing. */
export type Column = { kind: "numbers"; values: (number | null)[] } | { kind: "texts"; values: (string | null)[] };

export type Side = "reference" | "current";

/** Numbers that JSON has no words for. */
const SPELLED = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

const MOST_VALUES = 1_000_000;

/**
 * Both sides as columns of one kind. They are texts as soon as one value is a text other than a spelled number, or a truth
 * value; numbers among texts are found wrong.
 */
export function readColumns(question: Record<Side, unknown>, issues: Issues): { reference: Column; current: Column } {
  const sides = {
    reference: readList(question.reference, "reference", issues),
    current: readList(question.current, "current", issues),
  };
  const areTexts = [...sides.reference, ...sides.current].some(isText);
  return {
    reference: areTexts
      ? readTexts(sides.reference, "reference", issues)
      : readNumbers(sides.reference, "reference", issues),
    current: areTexts ? readTexts(sides.current, "current", issues) : readNumbers(sides.current, "current", issues),
  };
}

/** A list of at most a million values; anything else is an issue and reads as empty. */
export function readList(value: unknown, side: Side, issues: Issues): readonly unknown[] {
  if (!Array.isArray(value)) {
    issues.add([side], "is no list", "a list of values", value);
    return [];
  }
  if (value.length > MOST_VALUES) {
    issues.add([side], `has ${value.length} values`, `at most ${MOST_VALUES}; send counts instead`);
    return [];
  }
  return value as readonly unknown[];
}

export function readNumbers(values: readonly unknown[], side: Side, issues: Issues): Column & { kind: "numbers" } {
  return {
    kind: "numbers",
    values: values.map((value, index) => {
      if (value === null || typeof value === "number") return value;
      const number = typeof value === "string" ? SPELLED.get(value) : undefined;
      if (number === undefined)
        issues.add([side, index], "is no number", 'a number, null, "NaN", "Infinity", "-Infinity" or "-0"', value);
      return number ?? null;
    }),
  };
}

export function readTexts(values: readonly unknown[], side: Side, issues: Issues): Column & { kind: "texts" } {
  return {
    kind: "texts",
    values: values.map((value, index) => {
      if (value === null || typeof value === "string") return value;
      if (typeof value === "boolean") return String(value);
      issues.add([side, index], "is no text, while other values are", "a text or null", value);
      return null;
    }),
  };
}

function isText(value: unknown): boolean {
  return typeof value === "boolean" || (typeof value === "string" && !SPELLED.has(value));
}

/** What a column holds when nulls and NaN are left out. */
export function presentNumbers(column: Column & { kind: "numbers" }): number[] {
  return column.values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
}

/** Why a side cannot be compared, or null when it can. */
export function whyEmpty(side: Side, column: Column): string | null {
  if (column.values.every((value) => value === null)) return `${side} has no non-missing values`;
  if (column.kind === "numbers" && presentNumbers(column).length === 0) return `${side} has only NaN`;
  return null;
}
