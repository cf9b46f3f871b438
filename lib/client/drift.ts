import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { compareDrift, getDrift } from "@/lib/contracts/drift";
import { api } from "./api";

/** What a map is of, without which of its pages. */
export type DriftMapQuery = Omit<z.input<(typeof getDrift)["query"]>, "limit" | "cursor">;

/** How windows are compared, of whatever map. */
export type DriftTermsQuery = Omit<z.input<(typeof compareDrift)["query"]>, "feature" | "window">;

export const driftQueries = {
  map: (query: DriftMapQuery) =>
    infiniteQueryOptions({
      queryKey: ["drift", "map", query],
      queryFn: ({ signal, pageParam }) =>
        api(getDrift, { query: { ...query, ...(pageParam !== null && { cursor: pageParam }) }, signal }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextCursor,
      placeholderData: keepPreviousData,
    }),
  comparison: (query: z.input<(typeof compareDrift)["query"]>) =>
    queryOptions({
      queryKey: ["drift", "comparison", query],
      queryFn: ({ signal }) => api(compareDrift, { query, signal }),
    }),
};
