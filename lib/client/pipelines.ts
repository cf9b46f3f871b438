import { queryOptions } from "@tanstack/react-query";
import { getPipeline, listPipelines } from "@/lib/contracts/pipelines";
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
};
