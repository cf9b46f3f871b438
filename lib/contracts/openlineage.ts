import { z } from "zod";
import { Instant, operation } from "./operation";

const Facets = z.record(
  z.string(),
  z.looseObject({
    _producer: z.string().describe("Who says it."),
    _schemaURL: z.string().describe("The schema that the facet follows."),
  }),
);

const OpenLineageDataset = z
  .object({
    namespace: z.string().describe("Namespace of the dataset."),
    name: z.string().describe("Its name there: the workspace, a dot, and the source or output."),
    facets: Facets.describe("Schema, data source, version; of outputs, also column lineage."),
    outputFacets: Facets.optional().describe("Rows, bytes and files that were written."),
  })
  .meta({ id: "OpenLineageDataset", description: "A dataset that a run reads or writes." });

export const OpenLineageEvent = z
  .object({
    eventType: z.enum(["START", "COMPLETE", "FAIL", "ABORT"]).describe("What happened to the run."),
    eventTime: Instant.describe("When."),
    producer: z.string().describe("Tributary and its version."),
    schemaURL: z.string().describe("The schema that the event follows."),
    run: z
      .object({
        runId: z.string().describe("Id of the run, the same as in the portal."),
        facets: Facets.describe("Nominal time, engine, parent, and the error of one that failed."),
      })
      .describe("The run."),
    job: z
      .object({
        namespace: z.string().describe("Namespace of the job."),
        name: z.string().describe("The workspace, a dot, and the pipeline or the deployment with its job."),
        facets: Facets.describe("What kind of job."),
      })
      .describe("What it is a run of."),
    inputs: z.array(OpenLineageDataset).describe("What it reads."),
    outputs: z.array(OpenLineageDataset).describe("What it wrote; empty before it completes."),
  })
  .meta({ id: "OpenLineageEvent", description: "A run event of the OpenLineage specification, 2-0-2." });

export const getRunOpenLineage = operation({
  id: "getRunOpenLineage",
  method: "GET",
  path: "/api/v1/runs/{runId}/openlineage",
  summary: "The events of a run so far as OpenLineage JSON, with column lineage.",
  tag: "runs",
  params: z.object({ runId: z.string().describe("Id of the run.") }),
  response: z.array(OpenLineageEvent).describe("START, and how it ended."),
});
