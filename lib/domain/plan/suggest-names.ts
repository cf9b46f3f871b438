import { distance } from "fastest-levenshtein";

/**
 * For a name that is not known, at most three known ones that are spelt alike, nearest first: within a third of its length,
 * whatever the case.
 */
export function suggestNames(known: Iterable<string>): (name: string) => string[] {
  const candidates = Array.from(known, (name) => ({
    name,
    lower: name.toLowerCase(),
    letters: letterSet(name.toLowerCase()),
  }));
  return (name) => {
    const lower = name.toLowerCase();
    const letters = letterSet(lower);
    const reach = Math.max(1, Math.floor(name.length / 3));
    return candidates
      .filter((candidate) => Math.abs(candidate.lower.length - lower.length) <= reach)
      .filter((candidate) => bitCount(candidate.letters ^ letters) <= 2 * reach)
      .map((candidate) => ({ name: candidate.name, away: distance(candidate.lower, lower) }))
      .filter((candidate) => candidate.away <= reach)
      .sort((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
      .slice(0, 3)
      .map((candidate) => candidate.name);
  };
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
