import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { getConceptDrift, evaluateConceptMonitor } from "@/lib/contracts/concept-drift";
import { api } from "./api";

export const conceptQueries = {
  all: (workspace: string) =>
    queryOptions({
      queryKey: ["concept-drift", workspace],
      queryFn: ({ signal }) => api(getConceptDrift, { query: { workspace }, signal }),
    }),
};

export const conceptMutations = {
  evaluate: (client: QueryClient, workspace: string) =>
    mutationOptions({
      mutationFn: (monitor: string) => api(evaluateConceptMonitor, { params: { monitor }, body: { workspace } }),
      onSettled: () => client.invalidateQueries({ queryKey: ["concept-drift", workspace] }),
    }),
};
