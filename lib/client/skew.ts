import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import * as contract from "@/lib/contracts/skew";
import type { Environment } from "@/lib/domain/environments";
import { api } from "./api";

export const skewQueries = {
  list: (workspace: string, environment: Environment) =>
    queryOptions({
      queryKey: ["skew", workspace, environment],
      queryFn: ({ signal }) => api(contract.listSkew, { query: { workspace, environment }, signal }),
    }),
};

export const skewMutations = {
  check: (client: QueryClient, workspace: string, environment: Environment) =>
    mutationOptions({
      mutationFn: (name: string) =>
        api(contract.requestSkewCheck, { params: { name }, body: { workspace, environment } }),
      onSettled: () => client.invalidateQueries({ queryKey: ["skew", workspace, environment] }),
    }),
};
