import type { FeatureList, FeatureQuery, FeatureSummary } from "@/lib/contracts/features";
import type { Principal } from "@/lib/domain/principal";
import { FILTER_FIELDS, parseQuery, type QueryPart } from "@/lib/domain/search/query";
import { searchFeatures, type SearchHit } from "@/lib/domain/search/search-features";
import { featureIndex } from "./search-index";
import { numberOf } from "../paging";
import { openScopeFor } from "../scope";

/** Searches a workspace's features. The permission is the scope's: nobody searches a workspace that they cannot see. */
export async function listFeatures(
  principal: Principal,
  query: FeatureQuery & { limit: number; cursor?: string },
): Promise<FeatureList> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const { search } = await featureIndex(workspace);
  const started = performance.now();
  const offset = numberOf(query.cursor) ?? 0;
  const result = searchFeatures(search, { parts: partsOf(query), sort: query.sort, offset, limit: query.limit });
  const next = offset + result.hits.length;
  return {
    items: result.hits.map(toSummary),
    total: result.total,
    nextCursor: result.hits.length > 0 && next < result.total ? String(next) : null,
    facets: result.facets,
    corrections: result.corrections,
    tookMs: Math.round((performance.now() - started) * 100) / 100,
  };
}

/** Everything that the query finds, for a file. */
export async function findFeatures(principal: Principal, query: FeatureQuery): Promise<FeatureSummary[]> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const { search } = await featureIndex(workspace);
  const request = { parts: partsOf(query), sort: query.sort, limit: search.documents.length };
  return searchFeatures(search, request).hits.map(toSummary);
}

/** Filters given as parameters are the same as filters written in the query. */
function partsOf(query: FeatureQuery): QueryPart[] {
  const given = FILTER_FIELDS.flatMap((field) =>
    [query[field] ?? []]
      .flat()
      .flatMap((value) => value.split(","))
      .map((value) => value.trim().toLowerCase())
      .filter((value) => value !== "")
      .map((value): QueryPart => ({ kind: "filter", field, value, negated: false })),
  );
  return [...parseQuery(query.q), ...given];
}

function toSummary({ document, why }: SearchHit): FeatureSummary {
  return { ...document, consumers: document.usedBy.length, why };
}
