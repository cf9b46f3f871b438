import { z } from "zod";
import { ModelEvaluation, ModelVersion } from "./models";
import { operation, WorkspaceQuery } from "./operation";
import { TrialParams } from "./run-trials";

/** More side by side would not be read. */
export const MOST_COMPARED = 6;

export const ComparedVersion = ModelVersion.extend({
  model: z.string().describe("Name of the model."),
  params: TrialParams.describe(
    "Stage → parameter → value with which it was fitted, of every stage of its run; defaults included.",
  ),
  datasets: z
    .record(z.string(), z.number().int())
    .describe("Dataset → version that its run read; empty when it was fitted elsewhere."),
  evaluation: ModelEvaluation.nullable().describe("Curves and intervals; null where none were kept."),
}).meta({ id: "ComparedVersion", description: "A model version with all that it can differ in from another." });
export type ComparedVersion = z.infer<typeof ComparedVersion>;

export const ModelComparison = z
  .object({
    versions: z.array(ComparedVersion).describe("The versions in the order in which they were named."),
    labelUnit: z
      .string()
      .nullable()
      .describe("Unit of the first one's label, and so of predictions and residuals; null without one."),
  })
  .meta({ id: "ModelComparison", description: "Model versions side by side." });
export type ModelComparison = z.infer<typeof ModelComparison>;

export const compareModelVersions = operation({
  id: "compareModelVersions",
  method: "GET",
  path: "/api/v1/models/{name}/comparison",
  summary: "Versions of a model, or of several, side by side: parameters, data, metrics and curves.",
  tag: "models",
  params: z.object({ name: z.string().describe("Name of the model.") }),
  query: WorkspaceQuery.extend({
    versions: z
      .string()
      .max(500)
      .describe(
        `Two to ${MOST_COMPARED} versions by their numbers, with commas between them; \`other_model@2\` for one of another model: \`3,1,other_model@2\`.`,
      ),
  }),
  response: ModelComparison,
});
