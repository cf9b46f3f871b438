import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { applySpecs, planSpecs, type SpecBody } from "@/lib/contracts/specs";
import { api } from "./api";

export const specQueries = {
  /** What applying would do now; what is wrong is asked for once and not again and again. */
  plan: (body: SpecBody) =>
    queryOptions({
      queryKey: ["specs", "plan", body],
      queryFn: ({ signal }) => api(planSpecs, { body, signal }),
      retry: false,
      staleTime: 0,
      gcTime: 0,
    }),
};

export const specMutations = {
  plan: () => mutationOptions({ mutationFn: (body: SpecBody) => api(planSpecs, { body }) }),
  /** What is declared is behind almost every page: all of them look again. */
  apply: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (body: SpecBody) => api(applySpecs, { body }),
      onSuccess: () => client.invalidateQueries(),
    }),
};
