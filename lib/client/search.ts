import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { search } from "@/lib/contracts/search";
import { api } from "./api";

export const searchQueries = {
  /** What the words find, the last finds staying until the next arrive. Asks nothing without words. */
  words: (workspace: string, q: string) =>
    queryOptions({
      queryKey: ["search", workspace, q],
      queryFn: ({ signal }) => api(search, { query: { workspace, q }, signal }),
      enabled: q.trim() !== "",
      placeholderData: keepPreviousData,
    }),
};
