import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import {
  exportFeatures,
  getFeature,
  getFeatureProfiles,
  listFeatures,
  listFeatureVersions,
} from "@/lib/contracts/features";
import type { SortKey } from "@/lib/domain/search/search-features";
import { listUsage } from "@/lib/contracts/usage";
import { api, urlOf } from "./api";

/** Features per page of the endless list: a screen and a half. */
export const PAGE_SIZE = 50;

export const featureQueries = {
  search: (workspace: string, q: string, sort: SortKey) =>
    infiniteQueryOptions({
      queryKey: ["features", workspace, "search", { q, sort }],
      queryFn: ({ signal, pageParam }) =>
        api(listFeatures, { query: { workspace, q, sort, limit: PAGE_SIZE, cursor: pageParam ?? undefined }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      // The rows stay while the next letter is searched.
      placeholderData: keepPreviousData,
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["features", workspace, name],
      queryFn: ({ signal }) => api(getFeature, { params: { name }, query: { workspace }, signal }),
    }),
  profiles: (workspace: string, name: string, version: number | null = null) =>
    queryOptions({
      queryKey: ["features", workspace, name, "profiles", version],
      queryFn: ({ signal }) =>
        api(getFeatureProfiles, { params: { name }, query: { workspace, version: version ?? undefined }, signal }),
      placeholderData: keepPreviousData,
    }),
  versions: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["features", workspace, name, "versions"],
      queryFn: ({ signal }) => api(listFeatureVersions, { params: { name }, query: { workspace, limit: 200 }, signal }),
    }),
  /** The ledger's newest entries about features whose name contains this one's. */
  usage: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["usage", workspace, "feature", name],
      queryFn: ({ signal }) => api(listUsage, { query: { workspace, feature: name, limit: 200 }, signal }),
    }),
};

/** Where the answer of a search can be downloaded. */
export function exportUrl(workspace: string, q: string, sort: SortKey, format: "csv" | "json"): string {
  return urlOf(exportFeatures, { query: { workspace, q, sort, format } });
}
