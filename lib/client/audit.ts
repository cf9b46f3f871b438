import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getAuditFacets, listAuditEvents, verifyAudit } from "@/lib/contracts/audit";
import { api, type ApiCall } from "./api";

type ListQuery = NonNullable<ApiCall<typeof listAuditEvents>["query"]>;

export const auditQueries = {
  pages: (query: Omit<ListQuery, "cursor">) =>
    infiniteQueryOptions({
      queryKey: ["audit", "pages", query],
      queryFn: ({ signal, pageParam }) =>
        api(listAuditEvents, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
    }),
  facets: (workspace: string) =>
    queryOptions({
      queryKey: ["audit", "facets", workspace],
      queryFn: ({ signal }) => api(getAuditFacets, { query: { workspace }, signal }),
    }),
  /** Only when asked for: it reads the whole log. */
  verdict: (workspace: string) =>
    queryOptions({
      queryKey: ["audit", "verdict", workspace],
      queryFn: ({ signal }) => api(verifyAudit, { query: { workspace }, signal }),
      enabled: false,
      retry: false,
    }),
};
