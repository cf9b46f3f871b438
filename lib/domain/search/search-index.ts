import { compareByUse, compareText, textOf, type SearchDocument } from "./document";
import { createFacetColumns, type FacetColumn } from "./facets";
import { normalise, tokensOf } from "./tokens";
import { createVocabulary, type Vocabulary } from "./vocabulary";

/**
 * Discovery over one workspace, in memory. Documents are numbered in their default order (`compareByUse`), so that a pass over
 * the numbers yields every tier already sorted. Immutable: a changed workspace gets a new index.
 */
export interface SearchIndex {
  documents: readonly SearchDocument[];
  /** Tokens of `entity.column` names. */
  names: Vocabulary;
  /** Tokens of descriptions, tags, owners and metadata. */
  texts: Vocabulary;
  /** Names and bare columns as normalised text, sorted, with the document of each: for exact and prefix matches. */
  wholeNames: { texts: string[]; documents: Uint32Array };
  columns: FacetColumn[];
  /** Other orders of the documents, made when first asked for. */
  orders: Partial<Record<string, Order>>;
}

export interface Order {
  /** By document. */
  rank: Uint32Array;
  /** By rank. */
  documents: Uint32Array;
}

/** Words of a document. An index made after a change shares most documents with the one before, and need not read them again. */
interface DocumentWords {
  name: string[];
  text: string[];
  /** The full name and the bare column as normalised text. */
  wholes: string[];
}

const WORDS = new WeakMap<SearchDocument, DocumentWords>();

function wordsOf(document: SearchDocument): DocumentWords {
  const known = WORDS.get(document);
  if (known) return known;
  const name = tokensOf(document.name);
  const full = name.join(" ");
  const column = normalise(document.name.slice(document.name.indexOf(".") + 1));
  const words = { name, text: tokensOf(textOf(document)), wholes: full === column ? [full] : [full, column] };
  WORDS.set(document, words);
  return words;
}

export function createSearchIndex(documents: readonly SearchDocument[]): SearchIndex {
  const sorted = [...documents].sort(compareByUse);
  const words = sorted.map(wordsOf);
  const wholes = words
    .flatMap((own, index) => own.wholes.map((text) => ({ text, index })))
    .sort((one, other) => compareText(one.text, other.text) || one.index - other.index);
  return {
    documents: sorted,
    names: createVocabulary(words.map((own) => own.name)),
    texts: createVocabulary(words.map((own) => own.text)),
    wholeNames: {
      texts: wholes.map((whole) => whole.text),
      documents: Uint32Array.from(wholes, (whole) => whole.index),
    },
    columns: createFacetColumns(sorted),
    orders: {},
  };
}
