import { readList, type Population } from "./preview-cells";
import type { Issues } from "./preview-issues";

/** Greatest whole number that a double holds exactly; more rows than that are a mistake. */
const MOST_ROWS = Number.MAX_SAFE_INTEGER;
/** Weights below are nothing: their squares would vanish. */
const LEAST_WEIGHT = 1e-100;

/** Counts or weights of the same buckets in the same order. An empty list is allowed: it has no rows. */
export function readCounts(question: Record<Population, unknown>, issues: Issues): Record<Population, number[]> {
  const reference = readCountsOf(question.reference, "reference", issues);
  const current = readCountsOf(question.current, "current", issues);
  if (reference.length !== current.length && reference.length > 0 && current.length > 0) {
    issues.add(
      ["current"],
      `has ${current.length} counts and reference has ${reference.length}`,
      "counts of the same buckets in the same order; to align them by name, send maps",
    );
  }
  const length = Math.max(reference.length, current.length);
  return { reference: padded(reference, length), current: padded(current, length) };
}

export function readCountsOf(value: unknown, population: Population, issues: Issues): number[] {
  return readList(value, population, issues).map((count, index) => readCount(count, [population, index], issues));
}

/** Counts by name; a name that one of them lacks has no rows there. Names keep the reference's order, new ones follow. */
export function readMaps(
  question: Record<Population, unknown>,
  issues: Issues,
): Record<Population, number[]> & { names: string[] } {
  const reference = readMap(question.reference, "reference", issues);
  const current = readMap(question.current, "current", issues);
  const names = [...new Set([...reference.keys(), ...current.keys()])];
  return {
    names,
    reference: names.map((name) => reference.get(name) ?? 0),
    current: names.map((name) => current.get(name) ?? 0),
  };
}

function readMap(value: unknown, population: Population, issues: Issues): Map<string, number> {
  if (!isMap(value)) {
    issues.add([population], "is not a map", 'counts by name, such as {"a": 10}', value);
    return new Map();
  }
  return new Map(Object.entries(value).map(([name, count]) => [name, readCount(count, [population, name], issues)]));
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readCount(value: unknown, path: (string | number)[], issues: Issues): number {
  if (typeof value === "number" && value >= 0 && value <= MOST_ROWS) return value < LEAST_WEIGHT ? 0 : value;
  issues.add(path, "is not a count", `a number from 0 to ${MOST_ROWS}`, value);
  return 0;
}

function padded(counts: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, index) => counts[index] ?? 0);
}
