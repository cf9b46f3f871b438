import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import {
  archiveWorkspace,
  createWorkspace as createContract,
  getWorkspace,
  listWorkspaces,
  restoreWorkspace,
} from "@/lib/contracts/workspaces";
import { api } from "./api";

export const createWorkspace = (body: z.input<(typeof createContract)["body"]>) => api(createContract, { body });

export const setArchived = ({ name, archived }: { name: string; archived: boolean }) =>
  api(archived ? archiveWorkspace : restoreWorkspace, { params: { workspace: name } });

export const workspaceQueries = {
  all: () =>
    queryOptions({
      queryKey: ["workspaces", "archived too"],
      queryFn: ({ signal }) => api(listWorkspaces, { query: { archived: "true" }, signal }),
    }),
  list: () => queryOptions({ queryKey: ["workspaces"], queryFn: ({ signal }) => api(listWorkspaces, { signal }) }),
  detail: (workspace: string) =>
    queryOptions({
      queryKey: ["workspaces", workspace],
      queryFn: ({ signal }) => api(getWorkspace, { params: { workspace }, signal }),
      // While the demo fills, the page shows how far it is.
      refetchInterval: (query) => (query.state.data?.seeding?.state === "filling" ? 1500 : false),
    }),
};
