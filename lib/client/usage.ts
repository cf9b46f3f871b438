import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getLeakageMatrix, listUsage } from "@/lib/contracts/usage";
import { api, type ApiCall } from "./api";

type ListQuery = NonNullable<ApiCall<typeof listUsage>["query"]>;

export const usageQueries = {
  pages: (query: Omit<ListQuery, "cursor">) =>
    infiniteQueryOptions({
      queryKey: ["usage", "pages", query],
      queryFn: ({ signal, pageParam }) =>
        api(listUsage, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  matrix: (workspace: string) =>
    queryOptions({
      queryKey: ["usage", "matrix", workspace],
      queryFn: ({ signal }) => api(getLeakageMatrix, { query: { workspace }, signal }),
    }),
};
