import { ENGINE_NAMES } from "@/lib/domain/definitions/engine-name";
import { z } from "zod";
import { DEFINITION_KINDS } from "@/lib/domain/specs/placed-definition";
import { ofCases, operation, WorkspaceName } from "./operation";
import { Evaluation, FitRows, Pins } from "./pipeline-definition";
import { PlanConsumer, PlanGraph, PlanVariant } from "./plan-graph";

const StageOfPlan = z
  .strictObject({
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
    mode: z
      .enum(["joint", "independent"])
      .optional()
      .describe(
        "How several outputs are planned: `joint` (the default) makes one consistent choice for all of them, so that they never disagree about a column; `independent` plans every output on its own, with `limit` and `budget` for each.",
      ),
    pins: Pins.optional(),
    budget: z
      .int()
      .min(0)
      .max(100_000_000)
      .optional()
      .describe("Work steps that listing and counting may each take; ten million when left out, about a second."),
  })
  .meta({ id: "PlanOptions", description: "How to list variants." });

const PlanBody = z
  .strictObject({
    ...ofCases,
    stages: z
      .array(StageOfPlan)
      .optional()
      .describe("The catalogue to plan on, in declaration order. Without it the workspace's is used."),
    sources: z.array(z.string().min(1)).optional().describe("Columns that are there already; goes with `stages`."),
    workspace: WorkspaceName.optional().describe("The workspace to plan on, when there are no `stages`."),
    outputs: z.array(z.string().min(1)).describe("Wanted columns."),
    options: PlanOptions.optional().describe("How to list variants."),
    merge: z
      .boolean()
      .optional()
      .describe("Also answer the merged graph. A workspace's plan always has it unless this is false."),
    specs: z
      .string()
      .max(1_000_000)
      .optional()
      .describe(
        "YAML of spec documents laid over the workspace for this plan only, such as stages that are not registered yet.",
      ),
    consumer: z
      .string()
      .nullable()
      .optional()
      .describe(
        "Pipeline that says on which rows estimators are fitted and how the result is judged. Left out: the first by name that has one of the outputs and is evaluated. Null: none.",
      ),
    split: WorkspaceName.optional().describe(
      "Split policy instead of the consumer's; its parts must have the same names.",
    ),
    fit: FitRows.optional().describe("Rows instead of the consumer's."),
    refit: z
      .array(z.string())
      .optional()
      .describe("Stages fitted on those rows, whatever their owners declared, instead of the consumer's."),
    evaluate: Evaluation.optional().describe("Evaluation instead of the consumer's."),
  })
  .superRefine((body, context) => {
    if (body.stages && !body.sources)
      context.addIssue({ code: "custom", path: ["sources"], message: "expected a list of columns beside `stages`" });
    if (!body.stages && body.sources)
      context.addIssue({ code: "custom", path: ["stages"], message: "expected a list of stages beside `sources`" });
    for (const member of ["specs", "consumer", "split", "fit", "refit", "evaluate"] as const)
      if (body.stages && body[member] !== undefined)
        context.addIssue({
          code: "custom",
          path: [member],
          message: "expected nothing beside `stages`: it goes with a `workspace`",
        });
    if (!body.stages && !body.sources && !body.workspace)
      context.addIssue({
        code: "custom",
        path: ["workspace"],
        message: "expected a workspace, or `stages` and `sources`",
      });
  })
  .meta({ id: "PlanBody", description: "What to plan, on a catalogue of the request or on a workspace." });
export type PlanBody = z.infer<typeof PlanBody>;

const UnsupportedStage = z.object({
  stage: z.string().describe("Name of the stage."),
  operator: z.string().describe("Its operator."),
  reason: z.string().describe("Why the engine cannot run it."),
});

export const PlanPreview = z
  .object({
    total: z
      .string()
      .describe(
        "Exact number of variants, a decimal integer of any length. Joint: consistent choices for all outputs at once. Independent: the sum of the outputs' own totals, which is how many could be listed.",
      ),
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
      .array(UnsupportedStage)
      .optional()
      .describe(
        "Stages of the listed variants that this server's local engine cannot run; only for a workspace's plan.",
      ),
    engines: z
      .array(
        z.object({
          name: z.enum(ENGINE_NAMES).describe("Name of the engine, as a run or a deployment asks for it."),
          whyNot: z.string().nullable().describe("Why this server does not offer it; null when it does."),
          unsupported: z.array(UnsupportedStage).describe("Stages that it cannot run; none where it is not offered."),
        }),
      )
      .optional()
      .describe("What each engine can run of the listed variants; only for a workspace's plan."),
    perOutput: z
      .array(
        z.object({
          output: z.string().describe("The wanted column."),
          total: z.string().describe("Exact number of its own variants."),
          atLeast: z.literal(true).optional().describe("Set when `total` is a lower bound."),
          variants: z.array(z.number().int()).describe("Indices of its variants among those listed."),
        }),
      )
      .optional()
      .describe("Every output on its own; only when planned independently."),
    graph: PlanGraph.optional().describe("The listed variants as one graph; see `merge`."),
    details: z.array(PlanVariant).optional().describe("More of each listed variant; goes with `graph`."),
    consumer: PlanConsumer.nullable()
      .optional()
      .describe("Who is judged; null when nobody is. Only for a workspace's plan."),
    consumers: z
      .array(PlanConsumer)
      .optional()
      .describe(
        "The pipelines that have one of the outputs and are evaluated: what `consumer` may sensibly be. Only for a workspace's plan.",
      ),
    drafts: z
      .array(
        z.object({
          kind: z.enum(DEFINITION_KINDS as [string, ...string[]]).describe("Kind of the object."),
          name: z.string().describe("Its name."),
          action: z.enum(["create", "change", "replace"]).describe("replace: a stage that computes something else."),
        }),
      )
      .optional()
      .describe("What `specs` would add to the registry or change there; only with `specs`."),
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
