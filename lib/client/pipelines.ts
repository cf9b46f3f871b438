import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { createPipeline, getPipeline, listPipelines, type PipelineBody } from "@/lib/contracts/pipelines";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { api } from "./api";

export const pipelineQueries = {
  list: (workspace: string) =>
    queryOptions({
      queryKey: ["pipelines", workspace],
      queryFn: ({ signal }) => api(listPipelines, { query: { workspace, limit: 1000 }, signal }),
    }),
  detail: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["pipelines", workspace, name],
      queryFn: ({ signal }) => api(getPipeline, { params: { name }, query: { workspace }, signal }),
    }),
  /** A pipeline as it is declared. The reader of documents comes with the first question: it is larger than most pages. */
  definition: (workspace: string, name: string) =>
    queryOptions({
      queryKey: ["pipelines", workspace, name, "definition"],
      queryFn: async ({ signal }): Promise<PipelineDefinition | null> => {
        const { yaml } = await api(getPipeline, { params: { name }, query: { workspace }, signal });
        const { parseSpecs } = await import("@/lib/contracts/spec-documents");
        const definition = parseSpecs(yaml).definitions[0]?.definition;
        return definition?.kind === "Pipeline" ? definition : null;
      },
    }),
};

export const pipelineMutations = {
  /** A new pipeline may be the consumer of plans: they look again. */
  create: (client: QueryClient) =>
    mutationOptions({
      mutationFn: (body: PipelineBody) => api(createPipeline, { body }),
      onSuccess: () => Promise.all(["pipelines", "plans"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
    }),
};
