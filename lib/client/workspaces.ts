import { queryOptions } from "@tanstack/react-query";
import { getWorkspace, listWorkspaces } from "@/lib/contracts/workspaces";
import { api } from "./api";

export const workspaceQueries = {
  list: () => queryOptions({ queryKey: ["workspaces"], queryFn: ({ signal }) => api(listWorkspaces, { signal }) }),
  detail: (workspace: string) =>
    queryOptions({
      queryKey: ["workspaces", workspace],
      queryFn: ({ signal }) => api(getWorkspace, { params: { workspace }, signal }),
      // While the demo fills, the page shows how far it is.
      refetchInterval: (query) => (query.state.data?.seeding?.state === "filling" ? 1500 : false),
    }),
};
