import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { getLeakageProof } from "@/lib/contracts/leakage";
import { planLeakageFixes } from "@/lib/contracts/leakage-fixes";
import { listLeakageMeasurements, measureLeakage } from "@/lib/contracts/leakage-measurements";
import { api } from "./api";

export const leakageQueries = {
  proof: (modelVersionId: string, feature?: string) =>
    queryOptions({
      queryKey: ["leakage", "proof", modelVersionId, feature ?? null],
      queryFn: ({ signal }) => api(getLeakageProof, { params: { modelVersionId }, query: { feature }, signal }),
    }),
  /** What of a model version's leak can be planned, with verdict and cost. */
  fixes: (modelVersionId: string) =>
    queryOptions({
      queryKey: ["leakage", "fixes", modelVersionId],
      queryFn: ({ signal }) => api(planLeakageFixes, { body: { modelVersionId }, signal }),
    }),
  /** What was counted for a version's verdict, looked at again while a job is going. */
  measurements: (modelVersionId: string) =>
    queryOptions({
      queryKey: ["leakage", "measurements", modelVersionId],
      queryFn: ({ signal }) =>
        api(listLeakageMeasurements, { params: { modelVersionId }, query: { limit: 5 }, signal }),
      refetchInterval: (current) =>
        current.state.data?.items.some(({ state }) => state === "queued" || state === "running") ? 1000 : false,
    }),
};

export const leakageMutations = {
  measure: (client: QueryClient, modelVersionId: string) =>
    mutationOptions({
      mutationFn: () => api(measureLeakage, { params: { modelVersionId }, body: {} }),
      onSettled: () => client.invalidateQueries({ queryKey: ["leakage", "measurements", modelVersionId] }),
    }),
};
