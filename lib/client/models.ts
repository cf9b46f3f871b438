import { queryOptions } from "@tanstack/react-query";
import { compareModelVersions } from "@/lib/contracts/model-comparison";
import { getModel, getModelEvaluation, listModels } from "@/lib/contracts/models";
import { getModelInputs } from "@/lib/contracts/serving-predictions";
import { api } from "./api";

export const modelQueries = {
  /** The models, or those that match `q`. */
  list: (workspace: string, q = "") =>
    queryOptions({
      queryKey: ["models", workspace, "list", q],
      queryFn: ({ signal }) => api(listModels, { query: { workspace, q }, signal }),
      placeholderData: (previous) => previous,
    }),
  detail: (workspace: string, model: string) =>
    queryOptions({
      queryKey: ["models", workspace, model],
      queryFn: ({ signal }) => api(getModel, { params: { name: model }, query: { workspace }, signal }),
    }),
  /** @param versions as in the address: `3,1,other_model@2` */
  comparison: (workspace: string, model: string, versions: string) =>
    queryOptions({
      queryKey: ["models", workspace, model, "comparison", versions],
      queryFn: ({ signal }) =>
        api(compareModelVersions, { params: { name: model }, query: { workspace, versions }, signal }),
      retry: false,
    }),
  /** What its predictions need. */
  inputs: (workspace: string, model: string) =>
    queryOptions({
      queryKey: ["models", workspace, model, "inputs"],
      queryFn: ({ signal }) => api(getModelInputs, { params: { name: model }, query: { workspace }, signal }),
      retry: false,
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
