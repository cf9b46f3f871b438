import { z } from "zod";
import { operation, WorkspaceName } from "./operation";

const StageOfPlan = z
  .object({
    name: z.string().min(1).describe("Name, unique in the request."),
    kind: z.enum(["transformer", "estimator"]).optional().describe("An estimator is fitted before it transforms."),
    inputs: z.array(z.string().min(1)).describe("Columns read both to fit and to transform."),
    fitInputs: z.array(z.string().min(1)).optional().describe("Columns read only to fit, such as a label."),
    outputs: z.array(z.string().min(1)).describe("Columns written."),
    cost: z.number().optional().describe("Cost in any one unit; 1 when left out."),
  })
  .meta({ id: "PlanStage", description: "A stage as the planner sees it." });

const PlanOptions = z
  .strictObject({
    limit: z.int().min(0).max(10_000).optional().describe("At most so many variants are listed; 100 when left out."),
    order: z
      .enum(["declaration", "cost"])
      .optional()
      .describe("Order of the variants: as declared (the default), or the cheapest first."),
    pins: z
      .record(z.string(), z.string())
      .optional()
      .describe("Column to the one stage that may write it, such as `airport.segment` to `airport_bands`."),
    budget: z
      .int()
      .min(0)
      .max(100_000_000)
      .optional()
      .describe("Work steps that listing and counting may each take; ten million when left out, about a second."),
  })
  .meta({ id: "PlanOptions", description: "How to list variants." });

const PlanBody = z
  .object({
    stages: z
      .array(StageOfPlan)
      .optional()
      .describe("The catalogue to plan on, in declaration order. Without it the workspace's is used."),
    sources: z.array(z.string().min(1)).optional().describe("Columns that are there already; goes with `stages`."),
    workspace: WorkspaceName.optional().describe("The workspace to plan on, when there are no `stages`."),
    outputs: z.array(z.string().min(1)).describe("Wanted columns."),
    options: PlanOptions.optional().describe("How to list variants."),
  })
  .superRefine((body, context) => {
    if (body.stages && !body.sources)
      context.addIssue({ code: "custom", path: ["sources"], message: "expected a list of columns beside `stages`" });
    if (!body.stages && body.sources)
      context.addIssue({ code: "custom", path: ["stages"], message: "expected a list of stages beside `sources`" });
    if (!body.stages && !body.sources && !body.workspace)
      context.addIssue({
        code: "custom",
        path: ["workspace"],
        message: "expected a workspace, or `stages` and `sources`",
      });
  })
  .meta({ id: "PlanBody", description: "What to plan, on a catalogue of the request or on a workspace." });
export type PlanBody = z.infer<typeof PlanBody>;

export const PlanPreview = z
  .object({
    total: z.string().describe("Exact number of variants, a decimal integer of any length."),
    atLeast: z.literal(true).optional().describe("Set when counting stopped at the budget: `total` is a lower bound."),
    variants: z.array(z.array(z.string())).describe("Stage names of each variant, in an order in which they can run."),
    predict: z
      .array(z.array(z.string()))
      .optional()
      .describe("The stages needed once all is fitted, variant by variant; left out when those are all of them."),
    choices: z
      .array(z.record(z.string(), z.string()))
      .describe("Column to the stage that writes it, variant by variant."),
    costs: z.array(z.number()).describe("Cost of each variant's stages together."),
    mergedInstances: z
      .record(z.string(), z.number().int())
      .describe("Stage to its number of distinct instances when the listed variants are merged."),
    pruned: z.array(z.string()).describe("Stages that could have contributed, had their own inputs been derivable."),
    unsupported: z
      .array(
        z.object({
          stage: z.string().describe("Name of the stage."),
          operator: z.string().describe("Its operator."),
          reason: z.string().describe("Why the engine cannot run it."),
        }),
      )
      .optional()
      .describe("Stages of the listed variants that this server's engine cannot run; only for a workspace's plan."),
  })
  .meta({ id: "PlanPreview", description: "Every consistent way to derive the wanted columns." });
export type PlanPreview = z.infer<typeof PlanPreview>;

export const previewPlan = operation({
  id: "previewPlan",
  method: "POST",
  path: "/api/v1/plans/preview",
  summary: "Plans backwards from wanted columns; nothing is stored.",
  tag: "plans",
  body: PlanBody,
  response: PlanPreview,
});
