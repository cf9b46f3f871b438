import { type Described, metaWords } from "../definitions/documented";
import { matchWords, NO_MATCH, type WordMatch } from "./match-words";
import { parseWords } from "./query";
import { createTextIndex, type SearchEntry } from "./text-index";

/**
 * The items of a list that have every word of the query, the best first; equals stay in their order, and so does everything when
 * there are no words. The index is made for the one question: for lists of hundreds.
 */
export function searchList<Item>(
  items: readonly Item[],
  query: string,
  entryOf: (item: Item) => SearchEntry,
): readonly Item[] {
  const words = parseWords(query);
  if (words.length === 0) return items;
  return rankItems(items, matchWords(createTextIndex(items.map(entryOf)), words));
}

/** The items of an index that a match found, the best first. */
export function rankItems<Item>(items: readonly Item[], { tiers }: WordMatch): readonly Item[] {
  if (!tiers) return items;
  const found = [...items.keys()].filter((at) => tiers[at] !== NO_MATCH);
  // The sort is stable: equals stay in their order.
  found.sort((one, other) => (tiers[one] as number) - (tiers[other] as number));
  return found.map((at) => items[at] as Item);
}

/** How a declared object is found: by its name and all that was written about it, and by what a list shows of it besides. */
export function describedEntry(
  { name, description = "", owner = "", tags = [], meta = {} }: Described & { name: string },
  ...besides: string[]
): SearchEntry {
  return { name, texts: [description, owner, ...tags, metaWords(meta).join(" "), ...besides] };
}
