import { PLANNED_ACTIONS } from "@/lib/domain/leakage/codes";
import { z } from "zod";
import { operation, WorkspaceName } from "./operation";
import { Pins, PipelineFields } from "./pipeline-definition";
import { PlanVerdict } from "./plan-graph";

const FixBody = z
  .strictObject({
    workspace: WorkspaceName.optional().describe("The workspace of `pipeline`; a model version knows its own."),
    modelVersionId: z
      .string()
      .optional()
      .describe("Id of the model version whose verdict is to be better: its pipeline and its variant are planned."),
    pipeline: z.string().optional().describe("Or the name of a pipeline that is evaluated; it need not have run."),
    pins: Pins.optional().describe("With `pipeline`: which of its variants. Left out: the first, as a run takes it."),
    specs: z
      .string()
      .max(1_000_000)
      .optional()
      .describe("YAML of spec documents laid over the workspace for this answer only."),
  })
  .superRefine((body, context) => {
    if ((body.modelVersionId === undefined) === (body.pipeline === undefined))
      context.addIssue({
        code: "custom",
        path: ["pipeline"],
        message: "expected either `modelVersionId` or `pipeline`",
      });
    if (body.pipeline !== undefined && body.workspace === undefined)
      context.addIssue({ code: "custom", path: ["workspace"], message: "expected the workspace of `pipeline`" });
    if (body.modelVersionId !== undefined && body.pins !== undefined)
      context.addIssue({
        code: "custom",
        path: ["pins"],
        message: "expected nothing beside `modelVersionId`: the version says which variant",
      });
  })
  .meta({ id: "LeakageFixBody", description: "Whose test score is to be trusted." });
export type FixBody = z.infer<typeof FixBody>;

const PlannedCost = {
  cost: z.number().describe("Cost of the plan's stages together."),
  remaining: z.number().describe("Cost of what must still be done: without fits and values that are used again."),
  fitted: z.number().int().describe("Estimators whose fits are used again."),
  materialised: z.number().int().describe("Instances whose values are read instead of computed."),
  saves: z.number().describe("Seconds that those took when they were done."),
};

export const PlannedFix = z
  .object({
    action: z.enum(PLANNED_ACTIONS).describe("What kind of remedy."),
    title: z.string().describe("What to do."),
    estimators: z.array(z.string()).describe("Stages whose fits it changes."),
    plan: z
      .object({
        outputs: z.array(z.string()).describe("Wanted columns."),
        consumer: z.string().describe("Pipeline whose rows and evaluation are used."),
        pins: z.record(z.string(), z.string()).describe("Column to the stage that writes it, where several could."),
        refit: z.array(z.string()).describe("Stages fitted on the consumer's rows, whatever their owners declared."),
        split: z.string().nullable().describe("Split policy instead of the consumer's; null keeps that."),
        specs: z
          .string()
          .nullable()
          .describe(
            "YAML of documents that must be applied for it, since they change what others declared; else null.",
          ),
      })
      .describe("What `POST /api/v1/plans/preview` is asked, to see the plan; `pins` go into `options`."),
    pipeline: PipelineFields.describe(
      "What `POST /api/v1/pipelines` stores, to run or deploy it. Its model is the same, so that the versions stand side by side.",
    ),
    existing: z.string().nullable().describe("A pipeline that plans exactly this already; null when there is none."),
    verdict: PlanVerdict.describe("The verdict that it would give, judged by its plan."),
    ...PlannedCost,
  })
  .meta({ id: "PlannedFix", description: "A remedy as a plan: what it changes, what it would give, what it costs." });
export type PlannedFix = z.infer<typeof PlannedFix>;

export const LeakageFixes = z
  .object({
    workspace: z.string().describe("Its workspace."),
    pipeline: z.string().describe("The pipeline that was planned."),
    model: z.string().describe("The model that it makes."),
    verdict: PlanVerdict.nullable().describe("Its verdict as it is; null when no prediction of it can be judged."),
    ...PlannedCost,
    fixes: z
      .array(PlannedFix)
      .describe("What makes the verdict better and can be planned, in the order in which to consider it."),
  })
  .meta({ id: "LeakageFixes", description: "A verdict and the plans that would better it." });
export type LeakageFixes = z.infer<typeof LeakageFixes>;

export const planLeakageFixes = operation({
  id: "planLeakageFixes",
  method: "POST",
  path: "/api/v1/leakage/fixes",
  summary: "Plans what would make a leaking test score honest, with verdict and cost; nothing is stored.",
  tag: "leakage",
  body: FixBody,
  response: LeakageFixes,
});
