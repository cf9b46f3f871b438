import { queryOptions } from "@tanstack/react-query";
import {
  type DeclaredPath,
  type DefinitionPath,
  getDeclared,
  listDeclared,
  listWorkspaceVersions,
  VERSIONS_OF,
} from "@/lib/contracts/definitions";
import { api } from "./api";

/** As many as a page shows. */
const SHOWN = 50;

export const definitionQueries = {
  versions: (workspace: string, path: DefinitionPath | "workspaces", name: string) =>
    queryOptions({
      queryKey: ["definitions", workspace, path, name],
      queryFn: ({ signal }) =>
        path === "workspaces"
          ? api(listWorkspaceVersions, { params: { workspace: name }, query: { limit: SHOWN }, signal })
          : api(VERSIONS_OF[path], { params: { name }, query: { workspace, limit: SHOWN }, signal }),
    }),
  /** What is declared of a kind, of what matches `q`. */
  list: (workspace: string, kind: DeclaredPath, q = "") =>
    queryOptions({
      queryKey: ["definitions", workspace, kind, "list", q],
      queryFn: ({ signal }) => api(listDeclared, { params: { kind }, query: { workspace, q, limit: 1000 }, signal }),
      placeholderData: (previous) => previous,
    }),
  detail: (workspace: string, kind: DeclaredPath, name: string) =>
    queryOptions({
      queryKey: ["definitions", workspace, kind, name, "detail"],
      queryFn: ({ signal }) => api(getDeclared, { params: { kind, name }, query: { workspace }, signal }),
    }),
};
