import { queryOptions } from "@tanstack/react-query";
import { compareDrift, getDrift } from "@/lib/contracts/drift";
import type { Environment } from "@/lib/domain/environments";
import { api } from "./api";

export const driftQueries = {
  map: (workspace: string, environment: Environment) =>
    queryOptions({
      queryKey: ["drift", "map", workspace, environment],
      queryFn: ({ signal }) => api(getDrift, { query: { workspace, environment }, signal }),
    }),
  comparison: (workspace: string, environment: Environment, feature: string, month: string) =>
    queryOptions({
      queryKey: ["drift", "comparison", workspace, environment, feature, month],
      queryFn: ({ signal }) => api(compareDrift, { query: { workspace, environment, feature, month }, signal }),
    }),
};
