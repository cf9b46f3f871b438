import { queryOptions } from "@tanstack/react-query";
import { getLeakageProof } from "@/lib/contracts/leakage";
import { planLeakageFixes } from "@/lib/contracts/leakage-fixes";
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
};
