import { distance } from "fastest-levenshtein";

/**
 * The known name that somebody probably meant: the nearest within a third of the length, at least one and at most three slips
 * away. Letters in another order are one slip.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  let best: { candidate: string; slips: number } | undefined;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const slips = lettersOf(lower) === lettersOf(other) ? 1 : distance(lower, other);
    if (slips <= Math.max(1, Math.min(3, Math.floor(name.length / 3))) && (!best || slips < best.slips))
      best = { candidate, slips };
  }
  return best?.candidate;
}

function lettersOf(name: string): string {
  return [...name].sort().join("");
}
