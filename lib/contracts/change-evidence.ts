import { z } from "zod";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { DriftComparison } from "./drift-comparison";
import { Instant } from "./operation";

const DefinitionSide = z
  .object({
    version: z.number().int().describe("Number of the version of the feature."),
    writer: z.string().describe("The stage or source that writes it."),
    text: z.string().describe("The declared document, as YAML."),
  })
  .meta({ id: "DefinitionSide", description: "One side of a difference of definitions." });
export type DefinitionSide = z.infer<typeof DefinitionSide>;

const DefinitionChange = z
  .object({
    path: z.string().describe("Where in the definition, such as `params.k`."),
    kind: z.enum(["added", "removed", "changed"]).describe("What happened there."),
    before: z.unknown().optional().describe("The value before; absent when added."),
    after: z.unknown().optional().describe("The value after; absent when removed."),
  })
  .meta({ id: "DefinitionChange", description: "One place where two definitions differ." });
export type DefinitionChange = z.infer<typeof DefinitionChange>;

const PlanStageChange = z
  .object({
    stage: z.string().describe("Name of the stage or source."),
    kind: z.enum(["source", "transformer", "estimator"]).describe("What it is."),
    operator: z.string().describe("Its operator, or the format of a source."),
    change: z
      .enum(["added", "removed", "changed", "kept"])
      .describe("What the request does to it in the feature's plan."),
    before: z.number().int().nullable().describe("Stage version now; null when it is not part of the plan."),
    after: z.number().int().nullable().describe("Stage version as proposed; null when it is not part of the plan."),
    columns: z.array(z.string()).describe("The columns that it writes in the plan."),
    reads: z.array(z.string()).describe("The stages and sources of the plan that it reads from."),
  })
  .meta({ id: "PlanStageChange", description: "A stage of the feature's plan, before and after." });
export type PlanStageChange = z.infer<typeof PlanStageChange>;

const ConsumerVerdict = z
  .object({
    model: z.string().describe("The model that reads the proposed version."),
    modelVersion: z.number().int().describe("Its version."),
    modelVersionId: z.string().describe("Id under which the proof can be asked for."),
    verdict: z.enum(VERDICTS).describe("Whether its test rows were seen upstream."),
    severity: z.enum(SEVERITIES).describe("How bad."),
    reasons: z.array(z.string()).describe("Codes."),
    explanation: z.array(z.string()).describe("Sentences for people."),
  })
  .meta({ id: "ConsumerVerdict", description: "Leakage verdict of one consumer of the proposed version." });
export type ConsumerVerdict = z.infer<typeof ConsumerVerdict>;

const ImpactItem = z
  .object({
    kind: z.enum(["view", "service", "model", "stage", "feature"]).describe("What is affected."),
    name: z.string().describe("Its name."),
    owner: z.string().describe("Who to tell; empty when nobody is recorded."),
    detail: z.string().describe("How it is affected."),
  })
  .meta({ id: "ImpactItem", description: "Something that reads the feature." });
export type ImpactItem = z.infer<typeof ImpactItem>;

export const ChangeEvidence = z
  .object({
    computedAt: Instant.describe("When it was computed."),
    definition: z
      .object({
        before: DefinitionSide.nullable().describe("What the pointer names now; null when it names nothing."),
        after: DefinitionSide.describe("What it would name."),
        changes: z.array(DefinitionChange).describe("Where they differ."),
      })
      .describe("Difference of the definitions of the writing stage."),
    plan: z.array(PlanStageChange).describe("Every stage of the two plans, in order of execution."),
    leakage: z.array(ConsumerVerdict).describe("Verdict of every model that reads the proposed version."),
    drift: DriftComparison.nullable().describe(
      "The proposed version's values against the current version's; null unless both have a profile.",
    ),
    impact: z.array(ImpactItem).describe("What reads the feature, directly or through other features."),
    owners: z.array(z.string()).describe("Owners of all of these."),
  })
  .meta({ id: "ChangeEvidence", description: "Computed when the revision was made, never typed." });
export type ChangeEvidence = z.infer<typeof ChangeEvidence>;
