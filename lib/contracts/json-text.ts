import { LosslessNumber, parse as parseLossless, stringify } from "lossless-json";

/** No document of the product nests a tenth as deep; recursive code must not meet more. */
export const MOST_LEVELS = 100;

/** Sixteen digits in a row, or three of an exponent, may be a number that a double cannot hold. */
const LONG_NUMBER = /\d{16}|\d[eE][+-]?\d{3}/;

/** Escapes that may stand for what no database keeps; a raw NUL is no JSON. */
const MAYBE_UNSTORABLE = /\\u(?:0000|d[89a-f])|__proto__|\\u005f/i;

/**
 * The one JSON parser of requests. Integers keep all digits: a bigint where a double would lose some. Throws SyntaxError for
 * what is no JSON, for a number beyond the range of doubles (of which Infinity or 0 would be made), for an object with one name twice,
 * and for what is nested deeper than MOST_LEVELS, before it fills the memory.
 */
export function parseJson(text: string): unknown {
  assertPlain(text);
  return LONG_NUMBER.test(text) ? parseLossless(text, null, { parseNumber: parseExactly }) : JSON.parse(text);
}

/** The same where values are only handed on: a number whose digits JavaScript would write otherwise is a LosslessNumber. */
export function parseJsonAsWritten(text: string): unknown {
  assertPlain(text);
  return parseLossless(text, null, { parseNumber: keepDigits });
}

/** JSON text of what the parsers above give, digit by digit. */
export function writeJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) throw new TypeError("No JSON value.");
  return text;
}

/** Path to the first thing in a parsed text that cannot be kept (see `unstorableText`), or null. */
export function unstorableIn(text: string, value: unknown): (string | number)[] | null {
  return MAYBE_UNSTORABLE.test(text) ? unstorableText(value) : null;
}

/** Path to the first text that no database keeps: one with a NUL or half of a surrogate pair; or a member that JavaScript takes for itself. */
export function unstorableText(value: unknown, path: (string | number)[] = []): (string | number)[] | null {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? path : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    const found =
      name === "__proto__" || unstorableText(name) ? [...path, key] : unstorableText(member, [...path, key]);
    if (found) return found;
  }
  return null;
}

/** Whether a value nests deeper than MOST_LEVELS, as one that contains itself does. */
export function isTooDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isTooDeep(member, levels - 1));
}

/**
 * Throws SyntaxError for what is nested too deep, and for an object that has one name twice: of two values one would be lost without a
 * word. What is no JSON is left to the parser.
 */
function assertPlain(text: string): void {
  /** By level: the names of an object so far; null for a list. */
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        // A string: brackets in it nest nothing.
        const start = at;
        let escaped = false;
        for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++)
          if (text.charCodeAt(at) === 0x5c) {
            escaped = true;
            at++;
          }
        const names = open.at(-1);
        if (!isName || !names) break;
        isName = false;
        const name = nameOf(text.slice(start, at + 1), escaped);
        if (names.has(name))
          throw new SyntaxError(`An object has ${JSON.stringify(name)} twice, again at position ${start}`);
        names.add(name);
        break;
      }
      case 0x5b: // [
      case 0x7b: // {
        isName = text.charCodeAt(at) === 0x7b;
        open.push(isName ? new Set() : null);
        if (open.length > MOST_LEVELS)
          throw new SyntaxError(`It is nested deeper than ${MOST_LEVELS} levels at position ${at}`);
        break;
      case 0x5d:
      case 0x7d:
        open.pop();
        isName = false;
        break;
      case 0x2c:
        isName = open.at(-1) !== null;
    }
  }
}

/** @param quoted as it stands in the text; with an escape that is none, the parser refuses it later */
function nameOf(quoted: string, escaped: boolean): string {
  if (!escaped) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function parseExactly(digits: string): number | bigint {
  const value = exactly(digits);
  const isLost =
    typeof value === "number" && (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(digits.replace(/e.*/i, ""))));
  if (isLost) throw new SyntaxError(`The number ${digits.slice(0, 40)} is beyond what a double holds`);
  return value;
}

function keepDigits(digits: string): number | bigint | LosslessNumber {
  const value = exactly(digits);
  return String(value) === digits ? value : new LosslessNumber(digits);
}

function exactly(digits: string): number | bigint {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}
