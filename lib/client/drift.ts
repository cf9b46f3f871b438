import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { compareDrift, getDrift } from "@/lib/contracts/drift";
import { api } from "./api";

/** What a map is of, without which of its pages. */
export type DriftMapQuery = Omit<z.input<(typeof getDrift)["query"]>, "limit" | "cursor">;

/** How windows are compared, of whatever map. */
export type DriftTermsQuery = Omit<z.input<(typeof compareDrift)["query"]>, "feature" | "window">;

/** As many as the server answers. */
const MOST_WINDOWS = 10_000;

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
  /** One feature in every window; null when the environment serves no version of it that was profiled over time. */
  feature: (query: DriftTermsQuery & { feature: string }) =>
    queryOptions({
      queryKey: ["drift", "feature", query],
      queryFn: async ({ signal }) => {
        const { items } = await api(getDrift, { query: { ...query, windows: MOST_WINDOWS, limit: 1 }, signal });
        return items[0] ?? null;
      },
    }),
  comparison: (query: z.input<(typeof compareDrift)["query"]>) =>
    queryOptions({
      queryKey: ["drift", "comparison", query],
      queryFn: ({ signal }) => api(compareDrift, { query, signal }),
    }),
};
