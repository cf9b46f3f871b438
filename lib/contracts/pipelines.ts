import { z } from "zod";
import { Meta } from "./meta";
import { listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";
import { PipelineFields } from "./pipeline-definition";
import { PlanPreview } from "./plans";

export const PipelineSummary = z
  .object({
    name: z.string().describe("Name."),
    outputs: z.array(z.string()).describe("Wanted columns."),
    pins: z.record(z.string(), z.string()).describe("Column to the one stage that may write it."),
    description: z.string().describe("What it is for."),
    owner: z.string().describe("Who owns it."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    model: z.string().nullable().describe("Name of the model that it ends in; null when nothing is evaluated."),
    variants: z.string().describe("Number of variants as a decimal integer; 0 when there is no plan."),
    runs: z.number().int().describe("Runs so far."),
  })
  .meta({ id: "PipelineSummary", description: "A pipeline as a list shows it." });
export type PipelineSummary = z.infer<typeof PipelineSummary>;

export const PipelineList = listOf(PipelineSummary, "pipelines").meta({
  id: "PipelineList",
  description: "Pipelines by name.",
});
export type PipelineList = z.infer<typeof PipelineList>;

export const listPipelines = operation({
  id: "listPipelines",
  method: "GET",
  path: "/api/v1/pipelines",
  summary: "The pipelines of a workspace.",
  tag: "pipelines",
  query: WorkspaceQuery.extend(Page.shape),
  response: PipelineList,
});

export const PipelineDetail = PipelineSummary.extend({
  refit: z.array(z.string()).describe("Stages fitted on this pipeline's rows, whatever their owner declared."),
  fit: z.string().nullable().describe("Rows that estimators are fitted on, in words."),
  evaluate: z
    .object({
      split: z.string().describe("Split policy."),
      validation: z.array(z.string()).describe("Its parts for validation."),
      test: z.array(z.string()).describe("Its parts for testing."),
      label: z.string().describe("Column with the truth."),
      model: z.string().describe("Name of the model."),
    })
    .nullable()
    .describe("How the result is judged."),
  search: z
    .string()
    .nullable()
    .describe("What a run tries before it fits, and by what it chooses, in words; null without a search."),
  yaml: z.string().describe("The definition as a spec document."),
  plan: PlanPreview.nullable().describe("Its variants in declaration order; null when there are none."),
  problem: z
    .object({
      code: z.string().describe("Why, for programs: MISSING_PRODUCER, CYCLE …"),
      detail: z.string().describe("Why, for people."),
    })
    .nullable()
    .describe("Why there is no plan; null when there is one."),
}).meta({ id: "PipelineDetail", description: "A pipeline with its planned variants." });
export type PipelineDetail = z.infer<typeof PipelineDetail>;

export const getPipeline = operation({
  id: "getPipeline",
  method: "GET",
  path: "/api/v1/pipelines/{name}",
  summary: "One pipeline with its planned variants.",
  tag: "pipelines",
  params: z.object({ name: z.string().describe("Name of the pipeline.") }),
  query: WorkspaceQuery,
  response: PipelineDetail,
});

const PipelineBody = PipelineFields.extend({ workspace: WorkspaceName })
  .strict()
  .meta({ id: "PipelineBody", description: "A plan to keep under a name: a Pipeline document without its kind." });
export type PipelineBody = z.infer<typeof PipelineBody>;

export const createPipeline = operation({
  id: "createPipeline",
  method: "POST",
  path: "/api/v1/pipelines",
  summary: "Stores a plan as a pipeline, as applying its document would; a name that is taken is a conflict.",
  tag: "pipelines",
  body: PipelineBody,
  response: PipelineDetail,
  status: 201,
});
