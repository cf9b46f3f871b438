import { queryOptions } from "@tanstack/react-query";
import { getHome } from "@/lib/contracts/home";
import { api } from "./api";

export const homeQueries = {
  detail: (workspace: string) =>
    queryOptions({
      queryKey: ["home", workspace],
      queryFn: ({ signal }) => api(getHome, { query: { workspace }, signal }),
      refetchInterval: 30_000,
    }),
};
