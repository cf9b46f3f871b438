import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { getConceptDrift, lookAtOutcomes } from "@/lib/contracts/concept-drift";
import { api } from "./api";

export const conceptQueries = {
  all: (workspace: string) =>
    queryOptions({
      queryKey: ["concept-drift", workspace],
      queryFn: ({ signal }) => api(getConceptDrift, { query: { workspace }, signal }),
    }),
};

export const conceptMutations = {
  look: (client: QueryClient, workspace: string) =>
    mutationOptions({
      mutationFn: (monitor: string) => api(lookAtOutcomes, { params: { monitor }, body: { workspace } }),
      onSettled: () => client.invalidateQueries({ queryKey: ["concept-drift", workspace] }),
    }),
};
