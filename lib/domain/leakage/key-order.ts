import type { KeyBound } from "./types";

const INTEGER = /^(0|-?[1-9]\d*)$/;

/**
 * Whether `one` is at or below `other` for certain, whatever type the column has. Integers are compared exactly, as bigints
 * or as decimal texts. Two such texts may also be keys of a text column, so the order of texts has to agree.
 */
export function comparesAtMost(one: KeyBound, other: KeyBound): boolean {
  if (typeof one === "string" && typeof other === "string") {
    return one <= other && (!isInteger(one) || !isInteger(other) || BigInt(one) <= BigInt(other));
  }
  const [low, high] = [numeric(one), numeric(other)];
  return low !== null && high !== null && low <= high;
}

/** JavaScript compares numbers and bigints by their exact values. Null for a text that is no integer. */
function numeric(bound: KeyBound): number | bigint | null {
  if (typeof bound !== "string") return bound;
  return isInteger(bound) ? BigInt(bound) : null;
}

function isInteger(text: string): boolean {
  return INTEGER.test(text);
}
