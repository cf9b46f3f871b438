import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { getSource, listSources } from "@/lib/contracts/sources";
import { api } from "./api";

type ListQuery = z.input<(typeof listSources)["query"]>;

export const sourceQueries = {
  list: (query: ListQuery) =>
    queryOptions({
      queryKey: ["sources", "list", query],
      queryFn: ({ signal }) => api(listSources, { query, signal }),
      placeholderData: (previous) => previous,
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["sources", workspace, name],
      queryFn: ({ signal }) => api(getSource, { params: { name }, query: { workspace }, signal }),
    }),
};
