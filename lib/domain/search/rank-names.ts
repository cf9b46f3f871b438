import { editDistance, toleratedEdits } from "./edit-distance";
import { normalise, tokensOf } from "./tokens";

/** Something with a name, among a few hundred others; discovery has an index for more. */
export interface Named {
  name: string;
  detail: string;
}

/**
 * Those that have every word of the query, best first: exact name, beginning of the name, beginnings of its words, inside a
 * word, with typing errors, in the detail. A find is as good as its worst word; equals stay in their order.
 */
export function rankNames<Item extends Named>(items: readonly Item[], query: string): Item[] {
  const words = tokensOf(query);
  const whole = normalise(query);
  if (words.length === 0) return [];
  return items
    .map((item) => ({ item, rank: rankOf(item, words, whole) }))
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => (one.rank as number) - (other.rank as number))
    .map(({ item }) => item);
}

function rankOf(item: Named, words: readonly string[], whole: string): number | null {
  const name = normalise(item.name);
  if (name === whole) return 0;
  if (name.startsWith(whole)) return 1;
  const tokens = tokensOf(item.name);
  let worst = 0;
  for (const word of words) {
    const rank = rankOfWord(word, tokens, item.detail);
    if (rank === null) return null;
    worst = Math.max(worst, rank);
  }
  return worst;
}

function rankOfWord(word: string, tokens: readonly string[], detail: string): number | null {
  if (tokens.some((token) => token.startsWith(word))) return 2;
  if (tokens.some((token) => token.includes(word))) return 3;
  const limit = toleratedEdits(word);
  if (limit > 0 && tokens.some((token) => editDistance(word, token, limit) <= limit)) return 4;
  return normalise(detail).includes(word) ? 5 : null;
}
