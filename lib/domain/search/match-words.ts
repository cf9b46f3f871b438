import type { WordPart } from "./query";
import type { TextIndex } from "./text-index";
import { normalise, tokensOf } from "./tokens";
import { corrections, prefixRange, rangeOf, tokensWith, type Vocabulary } from "./vocabulary";

/** Best first. A document is in the worst tier of its words; nothing else moves it to another tier. */
export const TIERS = ["exact", "prefix", "token", "typo", "description"] as const;
export type Tier = (typeof TIERS)[number];

/** Tier number of a document that the query does not find. */
export const NO_MATCH = 255;
const [EXACT, PREFIX, TOKEN, TYPO, DESCRIPTION] = [0, 1, 2, 3, 4];

/** A misspelt word and the words of the workspace that were searched instead, the likeliest first. */
export interface Correction {
  from: string;
  to: string[];
}

export interface WordMatch {
  /** Tier number by document; null when there are no words and every document matches. */
  tiers: Uint8Array | null;
  corrections: Correction[];
}

/** How far a word may be from what it stands for: as it is written, unknown words corrected, words of no name corrected too. */
type Leniency = "as-written" | "unknown" | "nameless";

/**
 * Finds the documents that have every word in their name or texts, in any order: as a word, as its beginning, or inside of it
 * where no word begins with it. A word that no document has stands for its nearest words; so does every word that is in no
 * name when nothing is found otherwise.
 */
export function matchWords(index: TextIndex, words: readonly WordPart[]): WordMatch {
  if (words.length === 0) return { tiers: null, corrections: [] };
  const strict = matchOnce(index, words, "unknown");
  return findsNothing(strict.tiers) ? matchOnce(index, words, "nameless") : strict;
}

/** The same over several indexes, where words are corrected only when none of the indexes has them as they are written. */
export function matchWordsInEach(indexes: readonly TextIndex[], words: readonly WordPart[]): WordMatch[] {
  if (words.length === 0) return indexes.map(() => ({ tiers: null, corrections: [] }));
  const asWritten = indexes.map((index) => matchOnce(index, words, "as-written"));
  if (asWritten.some(({ tiers }) => !findsNothing(tiers))) return asWritten;
  return indexes.map((index) => matchWords(index, words));
}

function findsNothing(tiers: Uint8Array): boolean {
  for (let at = 0; at < tiers.length; at += 1) if (tiers[at] !== NO_MATCH) return false;
  return true;
}

function matchOnce(index: TextIndex, words: readonly WordPart[], leniency: Leniency) {
  const size = index.entries.length;
  const tiers = new Uint8Array(size);
  const found: Correction[] = [];
  const wanted = words.filter((word) => !word.negated);
  const own = new Uint8Array(size);
  for (const word of wanted)
    for (const token of tokensOf(word.text)) {
      own.fill(NO_MATCH);
      const corrected = matchToken(index, token, word.phrase, leniency, own);
      if (corrected.length > 0) found.push({ from: token, to: corrected });
      for (let at = 0; at < size; at += 1)
        if ((own[at] as number) > (tiers[at] as number)) tiers[at] = own[at] as number;
    }
  for (const word of wanted) if (word.phrase) keepPhrase(index, normalise(word.text), tiers);
  for (const word of words) if (word.negated) exclude(index, word, tiers);
  liftWholeNames(index, wanted, tiers);
  return { tiers, corrections: found };
}

/** Writes the tier of every document that has the token, worst kind of match first, and answers the corrections used. */
function matchToken(index: TextIndex, token: string, phrase: boolean, leniency: Leniency, tiers: Uint8Array): string[] {
  const inNames = rangeFor(index.names, token, phrase);
  const inTexts = rangeFor(index.texts, token, phrase);
  const isKnown = inNames[0] < inNames[1] || inTexts[0] < inTexts[1];
  writeRange(index.texts, inTexts, DESCRIPTION, tiers);
  const isInside = !phrase && !isKnown;
  if (isInside) for (const id of tokensWith(index.texts, token)) write(index.texts, id, DESCRIPTION, tiers);
  let corrected: string[] = [];
  // What is inside of one word may as well be another, misspelt.
  if (!phrase && (isKnown ? leniency === "nameless" && !index.names.idOf.has(token) : leniency !== "as-written")) {
    const names = corrections(index.names, token);
    const texts = names.length === 0 ? corrections(index.texts, token) : [];
    for (const id of texts) write(index.texts, id, DESCRIPTION, tiers);
    for (const id of names) {
      // Whoever means the corrected word also means it where it stands in a description.
      const text = index.texts.idOf.get(index.names.tokens[id] as string);
      if (text !== undefined) write(index.texts, text, DESCRIPTION, tiers);
    }
    for (const id of names) write(index.names, id, TYPO, tiers);
    corrected = [
      ...names.map((id) => index.names.tokens[id] as string),
      ...texts.map((id) => index.texts.tokens[id] as string),
    ];
  }
  if (isInside) for (const id of tokensWith(index.names, token)) write(index.names, id, TOKEN, tiers);
  writeRange(index.names, inNames, TOKEN, tiers);
  return corrected;
}

/** The tokens that a word stands for: those that begin with it, or itself alone inside quotes. */
function rangeFor(vocabulary: Vocabulary, token: string, phrase: boolean): [number, number] {
  if (!phrase) return prefixRange(vocabulary, token);
  const id = vocabulary.idOf.get(token);
  return id === undefined ? [0, 0] : [id, id + 1];
}

function writeRange(vocabulary: Vocabulary, [from, to]: [number, number], tier: number, tiers: Uint8Array): void {
  for (let id = from; id < to; id += 1) write(vocabulary, id, tier, tiers);
}

function write(vocabulary: Vocabulary, id: number, tier: number, tiers: Uint8Array): void {
  for (const document of vocabulary.postings[id] as Uint32Array) tiers[document] = tier;
}

function keepPhrase(index: TextIndex, phrase: string, tiers: Uint8Array): void {
  index.entries.forEach(({ name, texts }, at) => {
    if (tiers[at] === NO_MATCH) return;
    const has = (text: string) => ` ${normalise(text)} `.includes(` ${phrase} `);
    if (!has(name) && !texts.some(has)) tiers[at] = NO_MATCH;
  });
}

/** A negated word excludes whole words only: `-rain` must not hide what says train. */
function exclude(index: TextIndex, word: WordPart, tiers: Uint8Array): void {
  const tokens = tokensOf(word.text);
  const phrase = tokens.join(" ");
  if (tokens.length > 1) {
    index.entries.forEach(({ name, texts }, at) => {
      const text = `${normalise(name)} | ${normalise(texts.join(" "))}`;
      if (` ${text} `.includes(` ${phrase} `)) tiers[at] = NO_MATCH;
    });
    return;
  }
  for (const vocabulary of [index.names, index.texts]) {
    const id = vocabulary.idOf.get(phrase);
    if (id !== undefined) write(vocabulary, id, NO_MATCH, tiers);
  }
}

/** The words as one text may be a whole name, or how one begins: `delay mean` is a prefix of airport.delay_mean_7d's column. */
function liftWholeNames(index: TextIndex, wanted: readonly WordPart[], tiers: Uint8Array): void {
  const whole = normalise(wanted.map((word) => word.text).join(" "));
  if (whole === "") return;
  const { texts, documents } = index.wholeNames;
  const [from, to] = rangeOf(texts, whole);
  for (let at = from; at < to; at += 1) {
    const document = documents[at] as number;
    if (tiers[document] === NO_MATCH) continue;
    const tier = texts[at] === whole ? EXACT : PREFIX;
    if (tier < (tiers[document] as number)) tiers[document] = tier;
  }
}
