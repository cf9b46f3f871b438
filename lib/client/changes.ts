import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getChange, listChangeCandidates, listChanges } from "@/lib/contracts/changes";
import { api, type ApiCall } from "./api";

type ListQuery = NonNullable<ApiCall<typeof listChanges>["query"]>;

export const changeQueries = {
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["changes", "list", query],
      queryFn: ({ signal }) => api(listChanges, { query, signal }),
    }),
  pages: (query: Omit<ListQuery, "cursor">) =>
    infiniteQueryOptions({
      queryKey: ["changes", "pages", query],
      queryFn: ({ signal, pageParam }) =>
        api(listChanges, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  detail: (workspace: string, number: number) =>
    queryOptions({
      queryKey: ["changes", "detail", workspace, number],
      queryFn: ({ signal }) => api(getChange, { params: { changeId: String(number) }, query: { workspace }, signal }),
      // Somebody else may decide, or the pointer may move, while one reads.
      refetchInterval: 15_000,
    }),
  candidates: (workspace: string) =>
    queryOptions({
      queryKey: ["changes", "candidates", workspace],
      queryFn: ({ signal }) => api(listChangeCandidates, { query: { workspace }, signal }),
    }),
};
