import { queryOptions } from "@tanstack/react-query";
import { getLeakageProof } from "@/lib/contracts/leakage";
import { api } from "./api";

export const leakageQueries = {
  proof: (modelVersionId: string, feature?: string) =>
    queryOptions({
      queryKey: ["leakage", "proof", modelVersionId, feature ?? null],
      queryFn: ({ signal }) => api(getLeakageProof, { params: { modelVersionId }, query: { feature }, signal }),
    }),
};
