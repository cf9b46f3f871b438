import { mutationOptions, type QueryClient } from "@tanstack/react-query";
import { applySpecs, planSpecs, type SpecBody } from "@/lib/contracts/specs";
import { api } from "./api";

export const specMutations = {
  plan: () => mutationOptions({ mutationFn: (body: SpecBody) => api(planSpecs, { body }) }),
  /** What is declared is behind almost every page: all of them look again. */
  apply: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (body: SpecBody) => api(applySpecs, { body }),
      onSuccess: () => client.invalidateQueries(),
    }),
};
