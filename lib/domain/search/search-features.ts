import { compareText, type SearchDocument } from "./document";
import { explainMatch, type MatchReason } from "./explain-match";
import {
  compileFilters,
  countDocument,
  emptyCounts,
  passes,
  toFacet,
  type FacetColumn,
  type FacetCount,
} from "./facets";
import { matchWords, NO_MATCH, TIERS, type Correction, type Tier } from "./match-words";
import type { FilterField, FilterPart, QueryPart, WordPart } from "./query";
import type { SearchIndex } from "./search-index";

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
  const { tiers, corrections } = matchWords(index, words);
  const { tests, testOf } = compileFilters(index.columns, filters);
  const counts = emptyCounts(index.columns);
  const found: number[][] = TIERS.map(() => []);
  const { columns } = index;
  for (let document = 0; document < index.documents.length; document += 1) {
    const tier = tiers ? (tiers[document] as number) : 0;
    if (tier === NO_MATCH) continue;
    let failed = 0;
    let failing = -1;
    for (let test = 0; test < tests.length && failed < 2; test += 1)
      if (!passes(tests[test] as (typeof tests)[number], document)) {
        failed += 1;
        failing = test;
      }
    if (failed === 0) (found[tier] as number[]).push(document);
    if (failed > 1) continue;
    // Failing one field's filters only, it still counts in that field's own facet.
    for (let at = 0; at < columns.length; at += 1)
      if (failed === 0 || testOf[at] === failing)
        countDocument(columns[at] as FacetColumn, counts[at] as Uint32Array, document);
  }
  const page = pageOf(index, found, request);
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
    total: found.reduce((sum, tier) => sum + tier.length, 0),
    facets: Object.fromEntries(
      columns.map((column, at) => [
        column.field,
        toFacet(column, counts[at] as Uint32Array, tests[testOf[at] as number]),
      ]),
    ) as SearchResult["facets"],
    corrections,
  };
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
  tiers: number[][],
  { sort = "relevance", offset = 0, limit }: SearchRequest,
): number[] {
  if (sort !== "relevance") {
    const rank = (index.orders[sort] ??= rankBy(index, COMPARE[sort]));
    const ordered = tiers.flat().sort((one, other) => (rank[one] as number) - (rank[other] as number));
    return ordered.slice(offset, offset + limit);
  }
  const page: number[] = [];
  let skip = offset;
  for (const tier of tiers) {
    page.push(...tier.slice(skip, skip + limit - page.length));
    skip = Math.max(0, skip - tier.length);
  }
  return page;
}

function rankBy(index: SearchIndex, compare: (one: SearchDocument, other: SearchDocument) => number): Uint32Array {
  const order = index.documents
    .map((_, document) => document)
    .sort(
      (one, other) =>
        compare(index.documents[one] as SearchDocument, index.documents[other] as SearchDocument) || one - other,
    );
  const rank = new Uint32Array(order.length);
  order.forEach((document, at) => (rank[document] = at));
  return rank;
}
