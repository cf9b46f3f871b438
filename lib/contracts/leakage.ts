import { z } from "zod";
import { ESTIMATOR_CLASSES } from "@/lib/domain/definitions/stage";
import { FIX_ACTIONS, REASON_CODES, SEVERITIES, VERDICTS, WARNING_CODES } from "@/lib/domain/leakage/codes";
import { LeakageInput } from "./leakage-input";
import { ColumnName, Instant, operation, WorkspaceName } from "./operation";

const Verdict = z.enum(VERDICTS).describe("Whether the test rows were seen.");
const Severity = z.enum(SEVERITIES).describe("How bad.");
const Reasons = z.array(z.enum(REASON_CODES)).describe("Codes, sorted.");
const Warnings = z.array(z.enum(WARNING_CODES)).describe("Codes, sorted.");

export const LeakageAnswer = z
  .object({
    verdict: Verdict,
    reasons: Reasons,
    severity: Severity,
    perEstimator: z
      .record(z.string(), z.object({ verdict: Verdict, reasons: Reasons }))
      .describe("Every estimator upstream, by id; under `consumer`, what is wrong with the model's own training rows."),
    warnings: Warnings,
  })
  .meta({ id: "LeakageAnswer", description: "Whether a fit, upstream or the consumer's own, has seen its test rows." });

export const previewLeakage = operation({
  id: "previewLeakage",
  method: "POST",
  path: "/api/v1/leakage/preview",
  summary: "Judges row-sets that are not recorded here: for CI.",
  tag: "leakage",
  body: LeakageInput,
  response: LeakageAnswer,
});

const PlaneBox = z
  .object({
    set: z.enum(["fit", "train", "test"]).describe("Whose rows."),
    name: z.string().describe("The estimator or the model."),
    dataset: z.string().describe("Dataset version, as `name@version`."),
    from: Instant.nullable().describe("First moment; null is unbounded."),
    to: Instant.nullable().describe("End, exclusive; null is unbounded."),
    low: z.number().describe("Lowest bucket as a share of all, 0 to 1."),
    high: z.number().describe("Highest bucket, exclusive, as a share of all, 0 to 1."),
    key: z.string().nullable().describe("Column whose hash gives the bucket; null when rows are not split by a hash."),
  })
  .meta({ id: "LeakagePlaneBox", description: "A rectangle of the time × bucket plane." });
export type PlaneBox = z.infer<typeof PlaneBox>;

const ChainLink = z
  .object({
    name: z.string().describe("Name of the source, stage or model."),
    kind: z.enum(["source", "transformer", "estimator", "model"]).describe("What it is."),
    verdict: Verdict.nullable().describe("Of an estimator; null for the others."),
    column: z.string().nullable().describe("The column that it hands to the next; null at the end."),
  })
  .meta({ id: "LeakageChainLink", description: "A step on the way from the data to the model." });
export type ChainLink = z.infer<typeof ChainLink>;

const ProofEstimator = z
  .object({
    id: z.string().describe("Name of the stage."),
    class: z.enum(ESTIMATOR_CLASSES).describe("What kind of thing it learns."),
    verdict: Verdict,
    reasons: Reasons,
    rows: z.string().describe("The rows it was fitted on, in words."),
    chain: z.array(ChainLink).describe("From the data through this estimator to the model."),
  })
  .meta({ id: "LeakageProofEstimator", description: "An estimator upstream and what it saw." });

const ProofFix = z
  .object({
    action: z.enum(FIX_ACTIONS).describe("What kind of remedy."),
    title: z.string().describe("What to do."),
    estimator: z.string().nullable().describe("The estimator that it changes."),
    rows: z.string().nullable().describe("The rows that it would be fitted on, in words."),
    verdictAfter: Verdict.nullable().describe(
      "The verdict that it would give; null when it cannot be known beforehand.",
    ),
    severityAfter: Severity.nullable().describe("The severity that it would give."),
  })
  .meta({ id: "LeakageFix", description: "What would make the verdict better." });
export type ProofFix = z.infer<typeof ProofFix>;

const MeasuredEstimator = z
  .string()
  .describe(
    "An estimator upstream, `consumer` for the model's own fit, `parameter search` for the choice of parameters.",
  );

export const LeakageProof = z
  .object({
    model: z.string().describe("Name of the model."),
    modelVersion: z.number().int().describe("Its version."),
    modelVersionId: z.string().describe("Its id."),
    run: z
      .number()
      .int()
      .nullable()
      .describe("Number of the run that fitted and judged it; null when it was fitted elsewhere."),
    runId: z.string().nullable().describe("Its id, as in the address of its page; null when it was fitted elsewhere."),
    feature: ColumnName.nullable().describe("The feature that was asked about; null for everything that it reads."),
    featureVersion: z.number().int().nullable().describe("Its version."),
    verdict: Verdict,
    severity: Severity,
    reasons: Reasons,
    warnings: Warnings,
    explanation: z.array(z.string()).describe("Why, in sentences, the worst first."),
    train: z.string().describe("The rows it is trained on, in words."),
    test: z.string().describe("The rows it is tested on, in words."),
    unit: z.array(z.string()).describe("Columns whose shared value counts as leakage."),
    own: z
      .object({ verdict: Verdict, reasons: Reasons, rows: z.string().describe("The rows, in words.") })
      .nullable()
      .describe("What is wrong with the rows that the model itself was fitted on; null when they are proved apart."),
    estimators: z.array(ProofEstimator).describe("Every estimator upstream, the worst first."),
    measurements: z
      .array(
        z.object({
          estimator: MeasuredEstimator,
          text: z.string().describe("What was found, with figures."),
        }),
      )
      .describe("Units that were counted on the rows themselves."),
    measurable: z
      .object({
        fits: z
          .array(MeasuredEstimator)
          .describe("Fits that a count of units would settle, and that were not counted."),
        refused: z
          .array(z.object({ estimator: MeasuredEstimator, reason: z.string().describe("Why, in a sentence.") }))
          .describe("What stays unknown whatever is counted."),
        may: z.boolean().describe("Whether the caller may have units counted."),
      })
      .describe("What a measurement can do."),
    plane: z
      .object({
        from: Instant.nullable().describe("Where the time axis begins; null when no time is known."),
        to: Instant.nullable().describe("Where it ends."),
        boxes: z.array(PlaneBox).describe("Fits, training and test rows."),
      })
      .describe("The row-sets on a plane of time and bucket."),
    fixes: z.array(ProofFix).describe("What would make the verdict better, what can be planned first."),
  })
  .meta({ id: "LeakageProof", description: "A verdict with everything that it rests on." });
export type LeakageProof = z.infer<typeof LeakageProof>;

export const getLeakageProof = operation({
  id: "getLeakageProof",
  method: "GET",
  path: "/api/v1/leakage/{modelVersionId}",
  summary: "Why a model version leaks, or why not.",
  tag: "leakage",
  params: z.object({ modelVersionId: z.string().describe("Id of the model version.") }),
  query: z.object({ workspace: WorkspaceName.optional(), feature: ColumnName.optional() }),
  response: LeakageProof,
});
