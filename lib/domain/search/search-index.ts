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
  /** Tokens of descriptions, tags and owners. */
  texts: Vocabulary;
  /** Names and bare columns as normalised text, sorted, with the document of each: for exact and prefix matches. */
  wholeNames: { texts: string[]; documents: Uint32Array };
  columns: FacetColumn[];
  /** Other orders of the documents, made when first asked for. */
  orders: Partial<Record<string, Uint32Array>>;
}

export function createSearchIndex(documents: readonly SearchDocument[]): SearchIndex {
  const sorted = [...documents].sort(compareByUse);
  const wholes = sorted.flatMap((document, index) => {
    const full = normalise(document.name);
    const column = normalise(document.name.slice(document.name.indexOf(".") + 1));
    return full === column
      ? [{ text: full, index }]
      : [
          { text: full, index },
          { text: column, index },
        ];
  });
  wholes.sort((one, other) => compareText(one.text, other.text) || one.index - other.index);
  return {
    documents: sorted,
    names: createVocabulary(sorted.map((document) => tokensOf(document.name))),
    texts: createVocabulary(sorted.map((document) => tokensOf(textOf(document)))),
    wholeNames: {
      texts: wholes.map((whole) => whole.text),
      documents: Uint32Array.from(wholes, (whole) => whole.index),
    },
    columns: createFacetColumns(sorted),
    orders: {},
  };
}
