import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getLineage, listLineageNeighbours, searchLineage } from "@/lib/contracts/lineage";
import { getColumnLineage } from "@/lib/contracts/lineage-columns";
import { diffLineage, listLineageTimes } from "@/lib/contracts/lineage-history";
import { getLineageOverview, listLineageVariants } from "@/lib/contracts/lineage-overview";
import {
  exportLineageImpact,
  findLineagePath,
  listLineageImpact,
  listLineageLeaks,
} from "@/lib/contracts/lineage-paths";
import { api, type ApiCall, urlOf } from "./api";

type Query<Op extends { query: unknown }> = NonNullable<ApiCall<Op & Parameters<typeof api>[0]>["query"]>;

export type AroundQuery = Query<typeof getLineage>;
export type NeighboursQuery = Omit<Query<typeof listLineageNeighbours>, "cursor">;
export type ImpactQuery = Omit<Query<typeof listLineageImpact>, "cursor">;
export type OverviewQuery = Query<typeof getLineageOverview>;

export const lineageQueries = {
  around: (query: AroundQuery) =>
    queryOptions({
      queryKey: ["lineage", "around", query],
      queryFn: ({ signal }) => api(getLineage, { query, signal }),
      placeholderData: keepPreviousData,
    }),
  overview: (query: OverviewQuery) =>
    queryOptions({
      queryKey: ["lineage", "overview", query],
      queryFn: ({ signal }) => api(getLineageOverview, { query, signal }),
      placeholderData: keepPreviousData,
    }),
  neighbours: (query: NeighboursQuery) =>
    infiniteQueryOptions({
      queryKey: ["lineage", "neighbours", query],
      queryFn: ({ signal, pageParam }) =>
        api(listLineageNeighbours, { query: { ...query, cursor: pageParam ?? undefined }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  search: (workspace: string, q: string) =>
    queryOptions({
      queryKey: ["lineage", "search", workspace, q],
      queryFn: ({ signal }) => api(searchLineage, { query: { workspace, q, limit: 12 }, signal }),
      placeholderData: keepPreviousData,
    }),
  columns: (query: Query<typeof getColumnLineage>) =>
    queryOptions({
      queryKey: ["lineage", "columns", query],
      queryFn: ({ signal }) => api(getColumnLineage, { query, signal }),
    }),
  path: (query: Query<typeof findLineagePath>) =>
    queryOptions({
      queryKey: ["lineage", "path", query],
      queryFn: ({ signal }) => api(findLineagePath, { query, signal }),
    }),
  impact: (query: ImpactQuery) =>
    infiniteQueryOptions({
      queryKey: ["lineage", "impact", query],
      queryFn: ({ signal, pageParam }) =>
        api(listLineageImpact, { query: { ...query, cursor: pageParam ?? undefined }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  leaks: (workspace: string) =>
    queryOptions({
      queryKey: ["lineage", "leaks", workspace],
      queryFn: ({ signal }) => api(listLineageLeaks, { query: { workspace }, signal }),
    }),
  variants: (workspace: string, pipeline: string) =>
    queryOptions({
      queryKey: ["lineage", "variants", workspace, pipeline],
      queryFn: ({ signal }) => api(listLineageVariants, { query: { workspace, pipeline }, signal }),
    }),
  times: (workspace: string) =>
    queryOptions({
      queryKey: ["lineage", "times", workspace],
      queryFn: ({ signal }) => api(listLineageTimes, { query: { workspace }, signal }),
    }),
  difference: (query: Query<typeof diffLineage>) =>
    queryOptions({
      queryKey: ["lineage", "difference", query],
      queryFn: ({ signal }) => api(diffLineage, { query, signal }),
      placeholderData: keepPreviousData,
    }),
};

/** Where the complete impact of a node can be downloaded. */
export const impactUrl = (query: ImpactQuery): string => urlOf(exportLineageImpact, { query });
