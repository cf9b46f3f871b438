import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { compareDrift, getDrift } from "@/lib/contracts/drift";
import { api } from "./api";

export type DriftMapQuery = z.input<(typeof getDrift)["query"]>;

export const driftQueries = {
  map: (query: DriftMapQuery) =>
    queryOptions({
      queryKey: ["drift", "map", query],
      queryFn: ({ signal }) => api(getDrift, { query, signal }),
      placeholderData: (previous) => previous,
    }),
  comparison: (query: z.input<(typeof compareDrift)["query"]>) =>
    queryOptions({
      queryKey: ["drift", "comparison", query],
      queryFn: ({ signal }) => api(compareDrift, { query, signal }),
    }),
};
