import { compareByUse, textsOf, type SearchDocument } from "./document";
import { createFacetColumns, type FacetColumn } from "./facets";
import { createTextIndex, type SearchEntry, type TextIndex } from "./text-index";

/**
 * Discovery over one workspace, in memory. Documents are numbered in their default order (`compareByUse`), so that a pass over
 * the numbers yields every tier already sorted. Immutable: a changed workspace gets a new index.
 */
export interface SearchIndex {
  documents: readonly SearchDocument[];
  /** Their words, by the same numbers. */
  text: TextIndex;
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

const ENTRIES = new WeakMap<SearchDocument, SearchEntry>();

/** One entry for a document, so that its words are read once. */
function entryOf(document: SearchDocument): SearchEntry {
  const known = ENTRIES.get(document);
  if (known) return known;
  const entry = { name: document.name, texts: textsOf(document) };
  ENTRIES.set(document, entry);
  return entry;
}

export function createSearchIndex(documents: readonly SearchDocument[]): SearchIndex {
  const sorted = [...documents].sort(compareByUse);
  return {
    documents: sorted,
    text: createTextIndex(sorted.map(entryOf)),
    columns: createFacetColumns(sorted),
    orders: {},
  };
}
