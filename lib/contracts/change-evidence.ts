import { z } from "zod";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { DriftComparison } from "./drift-comparison";
import { ModelEvidence } from "./change-model-evidence";
import { ImpactItem, PlanStageChange } from "./change-plan";
import { RuleEvidence } from "./change-rules";
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
type DefinitionChange = z.infer<typeof DefinitionChange>;

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

const FeatureReader = z
  .object({
    model: z.string().describe("The model."),
    modelVersion: z.number().int().describe("Its version, which an alias names or which is the newest."),
    modelVersionId: z.string().describe("Its id."),
    aliases: z.array(z.string()).describe("Aliases that name it."),
    trainedOn: z.number().int().describe("Version of the feature that it was trained on."),
    neverSeen: z
      .array(z.string())
      .nullable()
      .describe("Values of the proposed version that it was not trained on; null when that is not known."),
  })
  .meta({ id: "FeatureReader", description: "A model version that was trained on another version of the feature." });
export type FeatureReader = z.infer<typeof FeatureReader>;

export const FeatureEvidence = z
  .object({
    kind: z.literal("feature").describe("The request is about a feature."),
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
    readers: z
      .array(FeatureReader)
      .optional()
      .describe(
        "Models in use that were trained on another version; absent from requests from before that was looked at.",
      ),
    owners: z.array(z.string()).describe("Owners of all of these."),
    rules: RuleEvidence.optional().describe("What rules say; absent from requests that ended before rules counted."),
  })
  .meta({ id: "FeatureEvidence", description: "What is known of a feature version that would be served." });
export type FeatureEvidence = z.infer<typeof FeatureEvidence>;

export const ChangeEvidence = z
  .discriminatedUnion("kind", [FeatureEvidence, ModelEvidence])
  .meta({ id: "ChangeEvidence", description: "Computed when the revision was made, never typed." });
export type ChangeEvidence = z.infer<typeof ChangeEvidence>;
