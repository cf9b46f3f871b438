import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { sampleDataset } from "@/lib/contracts/dive";
import { api } from "./api";

export type SampleQuery = z.input<(typeof sampleDataset)["query"]>;

export const diveQueries = {
  sample: (name: string, query: SampleQuery) =>
    queryOptions({
      queryKey: ["datasets", name, "sample", query],
      queryFn: ({ signal }) => api(sampleDataset, { params: { name }, query, signal }),
      // The picture stays until the next one is there.
      placeholderData: (previous) => previous,
      // A version never changes, and tens of thousands of rows are not fetched again because a window was looked at.
      staleTime: Infinity,
      gcTime: 60_000,
    }),
};
