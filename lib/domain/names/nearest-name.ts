import { distance } from "fastest-levenshtein";

const MOST = 3;

/**
 * For a name that is not known, at most three known ones that are spelt alike, sorted by distance and name: within a
 * Levenshtein distance of a third of its length, at least 1, whatever the case. This is the planner's rule for suggestions.
 */
export function nearestNames(known: Iterable<string>): (name: string) => string[] {
  return search(known, distance);
}

/**
 * The one known name that somebody probably meant; undefined when none is spelt alike, or within three slips. All the letters
 * in another order, as in `cvs` for `csv`, are one slip.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  return search(known, slips, 3)(name)[0];
}

/** " Did you mean csv?", to follow a sentence; empty when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

function slips(lower: string, other: string): number {
  return lettersOf(lower) === lettersOf(other) ? 1 : distance(lower, other);
}

function search(
  known: Iterable<string>,
  away: (lower: string, other: string) => number,
  furthest = Infinity,
): (name: string) => string[] {
  const candidates = Array.from(known, (name) => {
    const lower = name.toLowerCase();
    return { name, lower, letters: letterSet(lower) };
  });
  return (name) => {
    const lower = name.toLowerCase();
    const letters = letterSet(lower);
    const reach = Math.min(furthest, Math.max(1, Math.floor(name.length / 3)));
    return candidates
      .filter((candidate) => Math.abs(candidate.lower.length - lower.length) <= reach)
      .filter((candidate) => bitCount(candidate.letters ^ letters) <= 2 * reach)
      .map((candidate) => ({
        name: candidate.name,
        away: candidate.lower === lower ? 0 : away(lower, candidate.lower),
      }))
      .filter((candidate) => candidate.away <= reach)
      .sort((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
      .slice(0, MOST)
      .map((candidate) => candidate.name);
  };
}

function lettersOf(name: string): string {
  return [...name].sort().join("");
}

/** One edit changes at most two bits, which rules out most of a large catalogue before any distance is computed. */
function letterSet(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << (text.charCodeAt(i) & 31);
  return bits;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
