import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getLineage } from "@/lib/contracts/lineage";
import { api } from "./api";

export const lineageQueries = {
  around: (workspace: string, focus: string, up: number, down: number) =>
    queryOptions({
      queryKey: ["lineage", workspace, focus, up, down],
      queryFn: ({ signal }) => api(getLineage, { query: { workspace, focus, up, down }, signal }),
      placeholderData: keepPreviousData,
    }),
};
