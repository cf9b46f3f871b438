import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { compareModelVersions } from "@/lib/contracts/model-comparison";
import { getModel, getModelEvaluation, listModels } from "@/lib/contracts/models";
import { getModelInputs } from "@/lib/contracts/serving-predictions";
import { evaluateModelVersion, listVersionEvaluations, type NewVersionEvaluation } from "@/lib/contracts/evaluations";
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
  /** Evaluations beside that of its run, looked at again while one is going. */
  evaluations: (workspace: string, model: string, version: number) =>
    queryOptions({
      queryKey: ["models", workspace, model, version, "evaluations"],
      queryFn: ({ signal }) =>
        api(listVersionEvaluations, {
          params: { name: model, version: String(version) },
          query: { workspace, limit: 20 },
          signal,
        }),
      refetchInterval: (current) =>
        current.state.data?.items.some(({ state }) => state === "queued" || state === "running") ? 1000 : false,
    }),
  /** What its run judged, which stays. */
  evaluation: (workspace: string, model: string, version: number) =>
    queryOptions({
      queryKey: ["models", workspace, model, version, "evaluation"],
      queryFn: ({ signal }) =>
        api(getModelEvaluation, { params: { name: model, version: String(version) }, query: { workspace }, signal }),
      staleTime: Infinity,
    }),
};

export const modelMutations = {
  evaluate: (client: QueryClient, workspace: string, model: string, version: number) =>
    mutationOptions({
      mutationFn: (body: z.input<typeof NewVersionEvaluation>) =>
        api(evaluateModelVersion, { params: { name: model, version: String(version) }, query: { workspace }, body }),
      onSettled: () => client.invalidateQueries({ queryKey: ["models", workspace, model, version, "evaluations"] }),
    }),
};
