import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { ColumnName, Instant, operation, WorkspaceQuery } from "./operation";

const ViewFeature = z
  .object({
    name: ColumnName,
    type: z.enum(COLUMN_TYPES).nullable().describe("Type of its values; null when nothing writes it any more."),
    description: z.string().describe("What it means."),
    served: z
      .object({
        environment: z.enum(ENVIRONMENTS).describe("The environment."),
        version: z.number().int().describe("The feature version that it serves."),
      })
      .nullable()
      .describe("The furthest environment that serves it; null before any run wrote it."),
  })
  .meta({ id: "ViewFeature", description: "A feature of a view." });

export const ViewDetail = z
  .object({
    name: z.string().describe("Name."),
    entity: z.string().describe("Entity of its features."),
    description: z.string().describe("What it is for."),
    owner: z.string().describe("Who owns it; empty when nobody does."),
    tags: z.array(z.string()).describe("Tags."),
    ttlSeconds: z.number().int().describe("Age from which an online value is too old to serve; 0 is never."),
    online: z.boolean().describe("Whether it is served online."),
    schedule: z
      .string()
      .nullable()
      .describe("When it is copied to the online store, as cron in UTC; null when only on demand."),
    features: z.array(ViewFeature).describe("Its features in the declared order."),
    services: z.array(z.string()).describe("Feature services that read from it."),
    lastMaterialisation: z
      .object({
        at: Instant.describe("When."),
        rows: z.number().describe("Rows that were copied."),
        runId: z.string().describe("The run that did it."),
        runNumber: z.number().int().describe("Its number."),
        dataset: z.string().describe("Dataset whose rows were copied."),
        version: z.number().int().describe("Its version."),
      })
      .nullable()
      .describe("The newest copy to the online store; null before the first."),
    yaml: z.string().describe("The definition as a spec document."),
  })
  .meta({ id: "ViewDetail", description: "A feature view: features of one entity that are served together." });
export type ViewDetail = z.infer<typeof ViewDetail>;

export const getView = operation({
  id: "getView",
  method: "GET",
  path: "/api/v1/views/{name}",
  summary: "One feature view: features, time to live, last materialisation, definition.",
  tag: "views",
  params: z.object({ name: z.string().min(1).max(300).describe("Name of the feature view.") }),
  query: WorkspaceQuery,
  response: ViewDetail,
});
