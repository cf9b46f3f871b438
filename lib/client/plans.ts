import { queryOptions } from "@tanstack/react-query";
import { type PlanBody, previewPlan } from "@/lib/contracts/plans";
import { api } from "./api";

export const planQueries = {
  preview: (body: PlanBody) =>
    queryOptions({
      queryKey: ["plans", body],
      queryFn: ({ signal }) => api(previewPlan, { body, signal }),
      placeholderData: (previous) => previous,
    }),
};
