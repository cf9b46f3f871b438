import { compareText, normalise, tokensOf } from "./tokens";
import { createVocabulary, type Vocabulary } from "./vocabulary";

/** What is found by words: everything that has a name, in discovery, the palette, lists and pickers alike. */
export interface SearchEntry {
  name: string;
  /** Description, tags, owner, metadata: whatever is searched beside the name. */
  texts: readonly string[];
}

/** Entries by their words, by their number. Immutable. */
export interface TextIndex {
  entries: readonly SearchEntry[];
  /** Tokens of names. */
  names: Vocabulary;
  /** Tokens of the texts beside them. */
  texts: Vocabulary;
  /** Names, and what follows their first dot, as normalised text, sorted, with the entry of each: for exact and prefix matches. */
  wholeNames: { texts: string[]; documents: Uint32Array };
}

interface EntryWords {
  name: string[];
  text: string[];
  wholes: string[];
}

const WORDS = new WeakMap<SearchEntry, EntryWords>();

/** An index made after a change shares most entries with the one before, and need not read them again. */
function wordsOf(entry: SearchEntry): EntryWords {
  const known = WORDS.get(entry);
  if (known) return known;
  const name = tokensOf(entry.name);
  const full = name.join(" ");
  const column = normalise(entry.name.slice(entry.name.indexOf(".") + 1));
  const words = {
    name,
    text: tokensOf(entry.texts.join(" ")),
    wholes: full === column ? [full] : [full, column],
  };
  WORDS.set(entry, words);
  return words;
}

export function createTextIndex(entries: readonly SearchEntry[]): TextIndex {
  const words = entries.map(wordsOf);
  const wholes = words
    .flatMap((own, index) => own.wholes.map((text) => ({ text, index })))
    .sort((one, other) => compareText(one.text, other.text) || one.index - other.index);
  return {
    entries,
    names: createVocabulary(words.map((own) => own.name)),
    texts: createVocabulary(words.map((own) => own.text)),
    wholeNames: {
      texts: wholes.map((whole) => whole.text),
      documents: Uint32Array.from(wholes, (whole) => whole.index),
    },
  };
}
