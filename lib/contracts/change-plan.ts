import { z } from "zod";

export const PlanStageChange = z
  .object({
    stage: z.string().describe("Name of the stage or source."),
    kind: z.enum(["source", "transformer", "estimator"]).describe("What it is."),
    operator: z.string().describe("Its operator, or the format of a source."),
    change: z.enum(["added", "removed", "changed", "kept"]).describe("What the request does to it in the plan."),
    before: z.number().int().nullable().describe("Stage version now; null when it is not part of the plan."),
    after: z.number().int().nullable().describe("Stage version as proposed; null when it is not part of the plan."),
    columns: z.array(z.string()).describe("The columns that it writes in the plan."),
    reads: z.array(z.string()).describe("The stages and sources of the plan that it reads from."),
  })
  .meta({ id: "PlanStageChange", description: "A stage of the plan, before and after." });
export type PlanStageChange = z.infer<typeof PlanStageChange>;

export const ImpactItem = z
  .object({
    kind: z.enum(["view", "service", "model", "stage", "feature"]).describe("What is affected."),
    name: z.string().describe("Its name."),
    owner: z.string().describe("Who to tell; empty when nobody is recorded."),
    detail: z.string().describe("How it is affected."),
  })
  .meta({ id: "ImpactItem", description: "Something that is affected." });
export type ImpactItem = z.infer<typeof ImpactItem>;
