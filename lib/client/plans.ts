import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { listFeatures } from "@/lib/contracts/features";
import { type PlanBody, previewPlan } from "@/lib/contracts/plans";
import { api } from "./api";

/** As many columns as fit a list that drops down. */
const COLUMNS_FOUND = 12;

export const planQueries = {
  /** Columns that some words find, documented or not; without words the most used ones. */
  columns: (workspace: string, q: string) =>
    queryOptions({
      queryKey: ["plans", "columns", workspace, q],
      queryFn: ({ signal }) => api(listFeatures, { query: { workspace, q, limit: COLUMNS_FOUND }, signal }),
      placeholderData: keepPreviousData,
    }),
  preview: (body: PlanBody) =>
    queryOptions({
      queryKey: ["plans", body],
      queryFn: ({ signal }) => api(previewPlan, { body, signal }),
      placeholderData: (previous) => previous,
    }),
};
