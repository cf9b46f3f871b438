import { TOLERANCE } from "./report";

export interface ValueComparison {
  state: "identical" | "within_tolerance" | "differs";
  /** The largest relative difference of two numbers. */
  largest: number;
  /** Where the first difference beyond the tolerance is, such as `weights.2`; empty for the whole. */
  at: string | null;
  expected?: string;
  found?: string;
}

/**
 * Compares two JSON values member by member. Numbers are the same within the tolerance, relative to the larger of the two; everything else
 * has to be equal.
 */
export function compareValues(expected: unknown, found: unknown, tolerance = TOLERANCE): ValueComparison {
  const result: ValueComparison = { state: "identical", largest: 0, at: null };
  compare(plain(expected), plain(found), "", tolerance, result);
  return result;
}

/** As it would be read back: no `undefined` members, no prototypes. */
const plain = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

function compare(expected: unknown, found: unknown, at: string, tolerance: number, result: ValueComparison): void {
  if (result.state === "differs" || Object.is(expected, found)) return;
  if (typeof expected === "number" && typeof found === "number") {
    const largest = relativeDifference(expected, found);
    result.largest = Math.max(result.largest, largest);
    if (largest === 0) return;
    if (largest <= tolerance) result.state = "within_tolerance";
    else differ(expected, found, at, result);
    return;
  }
  const texts = numbersIn(expected, found);
  if (texts) return compareTexts(texts, at, tolerance, result);
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found))
    return differ(expected, found, at, result);
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  for (const key of keys) compare(expected[key], found[key], at === "" ? key : `${at}.${key}`, tolerance, result);
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

interface NumberedTexts {
  expected: string;
  found: string;
}

/** Two texts, such as SQL expressions of a fitted stage, that are equal but for the numbers in them. */
function numbersIn(expected: unknown, found: unknown): NumberedTexts | null {
  if (typeof expected !== "string" || typeof found !== "string") return null;
  return expected.replace(NUMBER, "#") === found.replace(NUMBER, "#") ? { expected, found } : null;
}

function compareTexts(
  { expected, found }: NumberedTexts,
  at: string,
  tolerance: number,
  result: ValueComparison,
): void {
  const others = found.match(NUMBER) ?? [];
  for (const [i, one] of (expected.match(NUMBER) ?? []).entries()) {
    const largest = relativeDifference(Number(one), Number(others[i]));
    result.largest = Math.max(result.largest, largest);
    if (largest > tolerance) return differ(expected, found, at, result);
    if (one !== others[i] && result.state === "identical") result.state = "within_tolerance";
  }
}

function relativeDifference(one: number, other: number): number {
  const scale = Math.max(Math.abs(one), Math.abs(other));
  return scale === 0 ? 0 : Math.abs(one - other) / scale;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const MOST_TEXT = 80;

function differ(expected: unknown, found: unknown, at: string, result: ValueComparison): void {
  const text = (value: unknown) => (JSON.stringify(value) ?? "nothing").slice(0, MOST_TEXT);
  Object.assign(result, { state: "differs", at, expected: text(expected), found: text(found) });
}
