import { queryOptions } from "@tanstack/react-query";
import { getModel, getModelEvaluation, listModels } from "@/lib/contracts/models";
import { api } from "./api";

export const modelQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["models", workspace],
      queryFn: ({ signal }) => api(listModels, { query: { workspace }, signal }),
    }),
  detail: (workspace: string, model: string) =>
    queryOptions({
      queryKey: ["models", workspace, model],
      queryFn: ({ signal }) => api(getModel, { params: { name: model }, query: { workspace }, signal }),
    }),
  /** Immutable: a version is judged once. */
  evaluation: (workspace: string, model: string, version: number) =>
    queryOptions({
      queryKey: ["models", workspace, model, version, "evaluation"],
      queryFn: ({ signal }) =>
        api(getModelEvaluation, { params: { name: model, version: String(version) }, query: { workspace }, signal }),
      staleTime: Infinity,
    }),
};
