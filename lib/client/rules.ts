import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import {
  checkDatasetRules,
  exportSuite,
  getDatasetRules,
  getFeatureRules,
  importSuite,
  proposeFeatureRules,
  proposeSourceRules,
} from "@/lib/contracts/rules";
import { api, urlOf } from "./api";

type JSONType = z.core.util.JSONType;

export const ruleQueries = {
  /** Of a source, or of an output of runs. */
  ofDataset: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["rules", workspace, name],
      queryFn: ({ signal }) => api(getDatasetRules, { params: { name }, query: { workspace }, signal }),
    }),
  ofFeature: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["rules", workspace, "feature", name],
      queryFn: ({ signal }) => api(getFeatureRules, { params: { name }, query: { workspace }, signal }),
    }),
  featureProposal: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["rules", workspace, "feature", name, "proposal"],
      queryFn: ({ signal }) => api(proposeFeatureRules, { params: { name }, query: { workspace }, signal }),
    }),
  proposal: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["rules", workspace, name, "proposal"],
      queryFn: ({ signal }) => api(proposeSourceRules, { params: { name }, query: { workspace }, signal }),
    }),
};

export const ruleMutations = {
  /** The check runs in the background: the rules are asked again until a newer one is there. */
  check: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: () => api(checkDatasetRules, { params: { name }, body: { workspace } }),
      onSettled: () => client.invalidateQueries({ queryKey: ["rules", workspace, name] }),
    }),
  importSuite: (client: QueryClient, workspace: string, name: string) =>
    mutationOptions({
      mutationFn: ({ suite, apply }: { suite: JSONType; apply: boolean }) =>
        api(importSuite, { params: { name }, body: { workspace, suite, apply, partial: true } }),
      onSuccess: ({ applied }) =>
        applied
          ? Promise.all([
              client.invalidateQueries({ queryKey: ["rules", workspace, name] }),
              client.invalidateQueries({ queryKey: ["sources", workspace, name] }),
            ])
          : undefined,
    }),
};

/** Where the suite can be downloaded. */
export function suiteUrl(workspace: string, name: string): string {
  return urlOf(exportSuite, { params: { name }, query: { workspace } });
}
