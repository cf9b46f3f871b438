import type { SearchDocument } from "./document";
import { explainMatch, type MatchReason } from "./explain-match";
import { compileFilters, countValues, passes, toFacet, type FacetCount, type FilterTests } from "./facets";
import { matchWords, NO_MATCH, TIERS, type Correction, type Tier } from "./match-words";
import type { FilterField, FilterPart, QueryPart, WordPart } from "./query";
import type { Order, SearchIndex } from "./search-index";
import { compareText } from "./tokens";

export const SORT_KEYS = ["relevance", "name", "fresh", "drift", "used"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface SearchRequest {
  parts: readonly QueryPart[];
  sort?: SortKey;
  /** Documents to skip, and how many to list after them. */
  offset?: number;
  limit: number;
}

export interface SearchHit {
  document: SearchDocument;
  /** Null when the query has no words. */
  why: { tier: Tier; matches: MatchReason[] } | null;
}

export interface SearchResult {
  hits: SearchHit[];
  total: number;
  /** Counts that respect the query except the facet's own filters. */
  facets: Record<FilterField, FacetCount[]>;
  corrections: Correction[];
}

export function searchFeatures(index: SearchIndex, request: SearchRequest): SearchResult {
  const words = request.parts.filter((part): part is WordPart => part.kind === "word");
  const filters = request.parts.filter((part): part is FilterPart => part.kind === "filter");
  const { tiers, corrections } = matchWords(index.text, words);
  const { tests, testOf } = compileFilters(index.columns, filters);
  const { found, failing } = sift(index.documents.length, tiers, tests);
  const page = pageOf(index, found, tiers, request);
  const tokens = words.filter((word) => !word.negated);
  return {
    hits: page.map((document) => ({
      document: index.documents[document] as SearchDocument,
      why:
        tiers && tokens.length > 0
          ? {
              tier: TIERS[tiers[document] as number] as Tier,
              matches: explainMatch(index.documents[document] as SearchDocument, tokens, corrections),
            }
          : null,
    })),
    total: found.length,
    facets: Object.fromEntries(
      index.columns.map((column, at) => {
        const own = testOf[at] as number;
        // Failing one field's filters only, a document still counts in that field's own facet.
        const counts = own < 0 ? countValues(column, found) : countValues(column, found, failing[own] as Uint32Array);
        return [column.field, toFacet(column, counts, tests[own])];
      }),
    ) as SearchResult["facets"],
    corrections,
  };
}

/** The documents that match and pass every test, and per test those that fail it alone, each in ascending order. */
function sift(size: number, tiers: Uint8Array | null, tests: FilterTests["tests"]) {
  const found = new Uint32Array(size);
  let count = 0;
  const failing: number[][] = tests.map(() => []);
  for (let document = 0; document < size; document += 1) {
    if (tiers?.[document] === NO_MATCH) continue;
    let failed = 0;
    let last = -1;
    for (let test = 0; test < tests.length && failed < 2; test += 1)
      if (!passes(tests[test] as FilterTests["tests"][number], document)) {
        failed += 1;
        last = test;
      }
    if (failed === 0) found[count++] = document;
    else if (failed === 1) (failing[last] as number[]).push(document);
  }
  return { found: found.subarray(0, count), failing: failing.map((own) => Uint32Array.from(own)) };
}

const COMPARE: Record<Exclude<SortKey, "relevance">, (one: SearchDocument, other: SearchDocument) => number> = {
  name: (one, other) => compareText(one.name, other.name),
  fresh: (one, other) => compareText(other.lastComputed ?? "", one.lastComputed ?? ""),
  drift: (one, other) => (other.drift?.severity ?? -1) - (one.drift?.severity ?? -1),
  used: (one, other) => other.usedBy.length - one.usedBy.length,
};

/** The documents of the page, in the wanted order; what compares equal keeps the default order. */
function pageOf(
  index: SearchIndex,
  found: Uint32Array,
  tiers: Uint8Array | null,
  { sort = "relevance", offset = 0, limit }: SearchRequest,
): number[] {
  if (sort !== "relevance") {
    const { rank, documents } = (index.orders[sort] ??= orderBy(index, COMPARE[sort]));
    const ranks = found.map((document) => rank[document] as number).sort();
    return Array.from(ranks.subarray(offset, offset + limit), (own) => documents[own] as number);
  }
  if (!tiers) return [...found.subarray(offset, offset + limit)];
  const page: number[] = [];
  let skip = offset;
  for (let tier = 0; tier < TIERS.length && page.length < limit; tier += 1)
    for (let at = 0; at < found.length && page.length < limit; at += 1) {
      const document = found[at] as number;
      if (tiers[document] !== tier) continue;
      if (skip > 0) skip -= 1;
      else page.push(document);
    }
  return page;
}

function orderBy(index: SearchIndex, compare: (one: SearchDocument, other: SearchDocument) => number): Order {
  const documents = Uint32Array.from(index.documents.keys()).sort(
    (one, other) =>
      compare(index.documents[one] as SearchDocument, index.documents[other] as SearchDocument) || one - other,
  );
  const rank = new Uint32Array(documents.length);
  documents.forEach((document, at) => (rank[document] = at));
  return { rank, documents };
}
