import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getAbAssignment, getAbTest, listAbTests } from "@/lib/contracts/ab-tests";
import { api, type ApiCall } from "./api";

type ListQuery = NonNullable<ApiCall<typeof listAbTests>["query"]>;

/** How often a page asks while a worker compares, milliseconds. */
const WHILE_EVALUATED_MS = 1500;

export const abTestQueries = {
  pages: (query: Omit<ListQuery, "cursor">) =>
    infiniteQueryOptions({
      queryKey: ["ab-tests", "pages", query],
      queryFn: ({ signal, pageParam }) =>
        api(listAbTests, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["ab-tests", "detail", workspace, name],
      queryFn: ({ signal }) => api(getAbTest, { params: { name }, query: { workspace }, signal }),
      refetchInterval: ({ state: { data } }) =>
        data?.evaluation?.state === "queued" || data?.evaluation?.state === "running" ? WHILE_EVALUATED_MS : 15_000,
    }),
  assignment: (workspace: string, name: string, key: string) =>
    queryOptions({
      queryKey: ["ab-tests", "assignment", workspace, name, key],
      queryFn: ({ signal }) => api(getAbAssignment, { params: { name }, query: { workspace, key }, signal }),
      enabled: key !== "",
    }),
};
