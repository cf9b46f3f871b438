import { queryOptions } from "@tanstack/react-query";
import { type DefinitionPath, VERSIONS_OF } from "@/lib/contracts/definitions";
import { api } from "./api";

/** As many as a page shows. */
const SHOWN = 50;

export const definitionQueries = {
  versions: (workspace: string, path: DefinitionPath, name: string) =>
    queryOptions({
      queryKey: ["definitions", workspace, path, name],
      queryFn: ({ signal }) => api(VERSIONS_OF[path], { params: { name }, query: { workspace, limit: SHOWN }, signal }),
    }),
};
