import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { findSimilarExperiments, getExperiment, listExperiments } from "@/lib/contracts/experiments";
import { api, type ApiCall } from "./api";

type ListQuery = NonNullable<ApiCall<typeof listExperiments>["query"]>;
type DraftQuery = NonNullable<ApiCall<typeof findSimilarExperiments>["query"]>;

/** Most that a feature's or stage's page shows; the list has the rest. */
export const MOST_ON_A_PAGE = 20;

export const experimentQueries = {
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["experiments", "list", query],
      queryFn: ({ signal }) => api(listExperiments, { query, signal }),
    }),
  pages: (query: Omit<ListQuery, "cursor">) =>
    infiniteQueryOptions({
      queryKey: ["experiments", "pages", query],
      queryFn: ({ signal, pageParam }) =>
        api(listExperiments, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  /** What a feature's or stage's page shows. */
  on: (workspace: string, about: { feature: string } | { stage: string }) =>
    experimentQueries.list({ workspace, ...about, limit: MOST_ON_A_PAGE }),
  detail: (workspace: string, number: number) =>
    queryOptions({
      queryKey: ["experiments", "detail", workspace, number],
      queryFn: ({ signal }) => api(getExperiment, { params: { number }, query: { workspace }, signal }),
    }),
  /** What is like a draft, the last answer staying until the next arrives. Asks nothing about an empty draft. */
  similar: (query: DraftQuery) =>
    queryOptions({
      queryKey: ["experiments", "similar", query],
      queryFn: ({ signal }) => api(findSimilarExperiments, { query, signal }),
      enabled: (query.text ?? "").trim().length >= 10,
      placeholderData: keepPreviousData,
    }),
};
