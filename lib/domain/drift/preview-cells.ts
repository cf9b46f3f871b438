import type { Issues } from "./preview-issues";

/** A column of either kind, null where a value is missing. */
export type Column = { kind: "numbers"; values: (number | null)[] } | { kind: "texts"; values: (string | null)[] };

export type Population = "reference" | "current";

/** Numbers that JSON has no words for. */
const SPELLED = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

const MOST_VALUES = 1_000_000;

/**
 * Both populations as columns of one kind. They are texts as soon as one value is a text other than a spelled number, or a
 * boolean, unless they have to be numbers; what is of the other kind is an issue.
 */
export function readColumns(
  question: Record<Population, unknown>,
  issues: Issues,
  areNumbers = false,
): { reference: Column; current: Column } {
  const lists = {
    reference: readList(question.reference, "reference", issues),
    current: readList(question.current, "current", issues),
  };
  const areTexts = !areNumbers && [...lists.reference, ...lists.current].some(isText);
  return {
    reference: areTexts
      ? readTexts(lists.reference, "reference", issues)
      : readNumbers(lists.reference, "reference", issues),
    current: areTexts ? readTexts(lists.current, "current", issues) : readNumbers(lists.current, "current", issues),
  };
}

/** A list of at most a million values; anything else is an issue and reads as empty. */
export function readList(value: unknown, population: Population, issues: Issues): readonly unknown[] {
  if (!Array.isArray(value)) {
    issues.add([population], "is not a list", "a list of values", value);
    return [];
  }
  if (value.length > MOST_VALUES) {
    issues.add([population], `has ${value.length} values`, `at most ${MOST_VALUES}; send counts instead`);
    return [];
  }
  return value as readonly unknown[];
}

export function readNumbers(
  values: readonly unknown[],
  population: Population,
  issues: Issues,
): Column & { kind: "numbers" } {
  return {
    kind: "numbers",
    values: values.map((value, index) => {
      if (value === null || typeof value === "number") return value;
      const number = typeof value === "string" ? SPELLED.get(value) : undefined;
      if (number === undefined)
        issues.add(
          [population, index],
          "is not a number",
          'a number, null, "NaN", "Infinity", "-Infinity" or "-0"',
          value,
        );
      return number ?? null;
    }),
  };
}

export function readTexts(
  values: readonly unknown[],
  population: Population,
  issues: Issues,
): Column & { kind: "texts" } {
  return {
    kind: "texts",
    values: values.map((value, index) => {
      if (value === null || typeof value === "string") return value;
      if (typeof value === "boolean") return String(value);
      issues.add([population, index], "is not a text, while other values are", "a text or null", value);
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
