import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { PlanStageChange } from "./change-plan";
import { RuleEvidence } from "./change-rules";
import { TestUse } from "./models";
import { ColumnName, Instant } from "./operation";

const ModelRead = z
  .object({
    feature: ColumnName,
    version: z.number().int().describe("Version of the feature that the model reads."),
    environments: z.array(z.enum(ENVIRONMENTS)).describe("Environments that serve this version now."),
    verdict: z.enum(VERDICTS).describe("Whether the model's test rows were seen upstream of it."),
    severity: z.enum(SEVERITIES).describe("How bad."),
    reasons: z.array(z.string()).describe("Codes."),
    explanation: z.array(z.string()).describe("Sentences for people."),
  })
  .meta({ id: "ModelRead", description: "A feature version that a model reads, with what is known of it." });
export type ModelRead = z.infer<typeof ModelRead>;

const ModelMetricChange = z
  .object({
    part: z.string().describe("Part of the split, such as `test`."),
    metric: z.string().describe("Name of the metric."),
    before: z.number().nullable().describe("Of the version that the alias names; null when it has no such value."),
    after: z.number().nullable().describe("Of the proposed version; null when it has no such value."),
  })
  .meta({ id: "ModelMetricChange", description: "One metric of both versions on the same part." });
export type ModelMetricChange = z.infer<typeof ModelMetricChange>;

const ModelFollower = z
  .object({
    deployment: z.string().describe("Name of the deployment."),
    job: z.string().describe("Kind of the job that follows the alias."),
    state: z.string().describe("State of the deployment: active or paused."),
    schedule: z.string().nullable().describe("When it runs, as cron in UTC; null for on demand."),
    nextRunAt: Instant.nullable().describe("When it would use the version at the latest; null without a schedule."),
    lastRun: z.number().int().nullable().describe("Number of its newest run; null before the first."),
    fits: z.boolean().describe("Whether the version was made by the variant that the deployment runs."),
  })
  .meta({ id: "ModelFollower", description: "A job that scores with whatever version has the alias." });
export type ModelFollower = z.infer<typeof ModelFollower>;

const ModelVersionSide = z
  .object({
    version: z.number().int().describe("Number of the model version."),
    modelVersionId: z.string().describe("Id under which the proof of its verdict can be asked for."),
    stage: z.string().nullable().describe("The estimator that it is; null when it was fitted elsewhere."),
    operator: z.string().nullable().describe("Operator of the estimator; null when it was fitted elsewhere."),
    run: z.number().int().nullable().describe("Number of the run that made it; null when it was fitted elsewhere."),
    runId: z.string().nullable().describe("Id of that run; null when it was fitted elsewhere."),
    trainedOn: z.string().describe("Rows that it was fitted on, in words."),
    testedOn: z.string().describe("Rows that it is judged on, in words."),
  })
  .meta({ id: "ModelVersionSide", description: "One side of a comparison of model versions." });
export type ModelVersionSide = z.infer<typeof ModelVersionSide>;

export const ModelEvidence = z
  .object({
    kind: z.literal("model").describe("The request is about a model."),
    computedAt: Instant.describe("When it was computed."),
    before: ModelVersionSide.nullable().describe("The version that the alias names now; null when it names none."),
    after: ModelVersionSide.describe("The version that it would name."),
    leakage: z
      .object({
        verdict: z.enum(VERDICTS).describe("The worst verdict over the features that it reads."),
        severity: z.string().describe("How bad the worst is."),
        sentence: z.string().describe("The verdict in a sentence."),
      })
      .describe("Whether the test score of the proposed version can be trusted."),
    testUse: TestUse.nullish().describe("How often its test rows were scored; null where nobody counted."),
    reads: z.array(ModelRead).describe("The feature versions that it reads, by name."),
    metrics: z.array(ModelMetricChange).describe("Metrics of both versions, by part."),
    sameRows: z.boolean().describe("Whether both were tested on the same rows against the same label."),
    plan: z.array(PlanStageChange).describe("Every stage of the two plans, in order of execution."),
    followers: z.array(ModelFollower).describe("Jobs that score with whatever version has the alias."),
    owners: z.array(z.string()).describe("Owners of the pipeline and of the features that it reads."),
    rules: RuleEvidence.optional().describe("What rules say; absent from requests that ended before rules counted."),
  })
  .meta({ id: "ModelEvidence", description: "What is known of a model version that would get an alias." });
export type ModelEvidence = z.infer<typeof ModelEvidence>;
