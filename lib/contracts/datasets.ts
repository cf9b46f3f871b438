import { z } from "zod";
import { Meta } from "./meta";
import { Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";
import { DatasetName } from "./overviews";
import { DatasetVersionEntry } from "./sources";

export const DATASET_KINDS = ["source", "training", "output", "serving"] as const;
export type DatasetKind = (typeof DATASET_KINDS)[number];

const DatasetState = DatasetVersionEntry.extend({
  quarantinedAt: Instant.nullable().describe("Since when it is in quarantine; null when it is not."),
  heldBy: z.array(z.string()).describe("Monitors that hold it back; empty where a rule does, or nothing."),
  profiles: z.number().int().describe("Distributions that are stored of it."),
  run: z
    .object({
      id: z.string().describe("Id of the run."),
      number: z.number().int().describe("Its number."),
      title: z.string().describe("What ran."),
      pipeline: z.string().nullable().describe("The pipeline; null when it is not known."),
      models: z.array(z.string()).describe("Models of which it made a version."),
    })
    .nullable()
    .describe("The run that wrote it; null for a source."),
}).meta({ id: "DatasetState", description: "An immutable version of a dataset." });
export type DatasetState = z.infer<typeof DatasetState>;

export const DatasetSummary = z
  .object({
    name: z.string().describe("A source's name, or `entity@pipeline` of an output."),
    kind: z
      .enum(DATASET_KINDS)
      .describe("A source; a run's output that a model was trained on; another output; predictions of a deployment."),
    entity: z.string().describe("Entity of its rows."),
    format: z.string().describe("File format."),
    description: z.string().describe("What the data are."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    columns: z
      .number()
      .int()
      .describe(
        "Columns that a source declares, or that a run wrote, or read for what it wrote: those of the overview.",
      ),
    versions: z.number().int().describe("Versions so far."),
    readers: z
      .array(z.string())
      .describe("Stages that read a column of a source; models that the run trained on what it wrote."),
    latest: DatasetState.nullable().describe("The newest version; null before the first run read it."),
  })
  .meta({ id: "DatasetSummary", description: "A dataset as a list shows it." });
export type DatasetSummary = z.infer<typeof DatasetSummary>;

export const DatasetList = listOf(DatasetSummary, "datasets")
  .extend({ all: z.number().int().describe("How many datasets there are without the query.") })
  .meta({ id: "DatasetList", description: "Sources first, then outputs, by name." });
export type DatasetList = z.infer<typeof DatasetList>;

export const listDatasets = operation({
  id: "listDatasets",
  method: "GET",
  path: "/api/v1/datasets",
  summary: "The sources and outputs of a workspace with their newest versions.",
  tag: "datasets",
  query: WorkspaceQuery.extend(Page.shape).extend({
    q: z
      .string()
      .max(200)
      .optional()
      .describe("Words of name, entity, description, owner, tags or metadata; the best come first."),
    kind: z.enum(DATASET_KINDS).optional().describe("Only datasets of this kind."),
  }),
  response: DatasetList,
});

export const DatasetDetail = DatasetSummary.extend({
  history: z.array(DatasetState).describe("Versions, newest first, at most 200."),
}).meta({ id: "DatasetDetail", description: "A dataset with its versions." });
export type DatasetDetail = z.infer<typeof DatasetDetail>;

export const getDataset = operation({
  id: "getDataset",
  method: "GET",
  path: "/api/v1/datasets/{name}",
  summary: "One dataset: versions, quarantine, and the runs that wrote it.",
  tag: "datasets",
  params: z.object({ name: DatasetName }),
  query: WorkspaceQuery,
  response: DatasetDetail,
});
