import { editDistance, toleratedEdits } from "./edit-distance";

/** Tokens of one field group with the documents that have them, in ascending order of document. */
export interface Vocabulary {
  /** Sorted, so that a prefix is a range. */
  tokens: string[];
  /** Documents of the token at the same place. */
  postings: Uint32Array[];
  idOf: ReadonlyMap<string, number>;
  /** By length, for corrections. */
  byLength: TokensOfLength[];
}

interface TokensOfLength {
  ids: Uint32Array;
  /** Of the token at the same place, one bit for each letter or digit that it has: each edit changes at most two of them. */
  masks: Uint32Array;
}

/** `documents[i]` are the tokens of document i, repeated ones included. */
export function createVocabulary(documents: readonly (readonly string[])[]): Vocabulary {
  const lists = new Map<string, number[]>();
  documents.forEach((tokens, document) => {
    for (const token of tokens) {
      const list = lists.get(token);
      if (!list) lists.set(token, [document]);
      else if (list[list.length - 1] !== document) list.push(document);
    }
  });
  const tokens = [...lists.keys()].sort();
  const byLength: number[][] = [];
  tokens.forEach((token, id) => (byLength[token.length] ??= []).push(id));
  return {
    tokens,
    postings: tokens.map((token) => Uint32Array.from(lists.get(token) ?? [])),
    idOf: new Map(tokens.map((token, id) => [token, id])),
    byLength: Array.from(byLength, (ids = []) => ({
      ids: Uint32Array.from(ids),
      masks: Uint32Array.from(ids, (id) => maskOf(tokens[id] as string)),
    })),
  };
}

/** Ids `[from, to)` of the tokens that begin with the prefix. */
export function prefixRange(vocabulary: Vocabulary, prefix: string): [from: number, to: number] {
  return rangeOf(vocabulary.tokens, prefix);
}

/** `[from, to)` of the sorted texts that begin with the prefix. */
export function rangeOf(sorted: readonly string[], prefix: string): [from: number, to: number] {
  // The highest code unit: no text of the index holds it.
  return [lowerBound(sorted, prefix), lowerBound(sorted, `${prefix}\uffff`)];
}

function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

const NO_TOKENS: TokensOfLength = { ids: new Uint32Array(), masks: new Uint32Array() };

/** Most tokens that one misspelt word may stand for. */
const MOST_CORRECTIONS = 3;

/** The other tokens nearest to a misspelt word, the most used first; none when all are farther than its length tolerates. */
export function corrections(vocabulary: Vocabulary, word: string): number[] {
  let limit = toleratedEdits(word);
  if (limit === 0) return [];
  const mask = maskOf(word);
  let found: number[] = [];
  for (let length = word.length - limit; length <= word.length + limit; length += 1) {
    const { ids, masks } = vocabulary.byLength[length] ?? NO_TOKENS;
    for (let at = 0; at < masks.length; at += 1) {
      if (bits(mask ^ (masks[at] as number)) > 2 * limit) continue;
      const id = ids[at] as number;
      const token = vocabulary.tokens[id] as string;
      const distance = editDistance(word, token, limit);
      if (distance > limit || token === word) continue;
      if (distance < limit) {
        limit = distance;
        found = [];
      }
      found.push(id);
    }
  }
  const used = (id: number) => (vocabulary.postings[id] as Uint32Array).length;
  return found.sort((one, other) => used(other) - used(one) || one - other).slice(0, MOST_CORRECTIONS);
}

/** Shorter words are inside of too many. */
const SHORTEST_INSIDE = 3;

/** The tokens that hold the word anywhere; none for a word that is too short to say anything. */
export function tokensWith(vocabulary: Vocabulary, word: string): number[] {
  if (word.length < SHORTEST_INSIDE) return [];
  const mask = maskOf(word);
  const found: number[] = [];
  for (const { ids, masks } of vocabulary.byLength.slice(word.length))
    for (let at = 0; at < masks.length; at += 1) {
      // Whoever lacks one of its letters does not hold it.
      if ((mask & ~(masks[at] as number)) !== 0) continue;
      const id = ids[at] as number;
      if ((vocabulary.tokens[id] as string).includes(word)) found.push(id);
    }
  return found;
}

function maskOf(token: string): number {
  let mask = 0;
  for (let index = 0; index < token.length; index += 1) mask |= 1 << (token.charCodeAt(index) & 31);
  return mask >>> 0;
}

function bits(mask: number): number {
  let value = mask - ((mask >>> 1) & 0x55555555);
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
  return (((value + (value >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
