import { z } from "zod";
import { ESTIMATOR_CLASSES } from "@/lib/domain/definitions/stage";
import { REASON_CODES, SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { Instant } from "./operation";

const RunReference = z
  .object({
    id: z.string().describe("Id of the run."),
    number: z.number().int().describe("Its number in the workspace."),
  })
  .meta({ id: "PlanRunReference", description: "A run that did it before." });

export const PlanReuse = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("fitted").describe("An equal fit was made before: it is used, not refitted."),
      run: RunReference,
      at: Instant.describe("When it was fitted."),
      rows: z.number().int().describe("Rows that it was fitted on."),
      seconds: z.number().describe("How long the fit took: what using it again saves."),
    }),
    z.object({
      kind: z.literal("materialised").describe("Equal values were written before: they are read, not computed."),
      run: RunReference,
      at: Instant.describe("When they were written."),
      dataset: z.string().describe("The dataset that holds them, such as `airport@late_departures`."),
      version: z.number().int().describe("Its version."),
      seconds: z.number().nullable().describe("How long that run took for the stage; null when nobody measured it."),
    }),
  ])
  .meta({ id: "PlanReuse", description: "What of an instance need not be done again." });
export type PlanReuse = z.infer<typeof PlanReuse>;

const PlanInput = z
  .object({
    column: z.string().describe("Column that is read, by its logical name."),
    writer: z.string().nullable().describe("Key of the instance that writes it; null for a source's column."),
    source: z
      .string()
      .nullable()
      .describe("Name of the source that has it; null for a made column, and for columns of the request's `sources`."),
    role: z.enum(["input", "fitInput"]).describe("fitInput: needed to fit only, such as a label, and not to predict."),
  })
  .meta({ id: "PlanInput", description: "A column that an instance reads." });

const PlanOutput = z
  .object({
    column: z.string().describe("Logical name."),
    physical: z
      .string()
      .describe("Its name in the merged graph: that of one writer only, as `column__producer` at a fork."),
  })
  .meta({ id: "PlanOutput", description: "A column that an instance writes and some variant needs." });

export const PlanInstance = z
  .object({
    key: z.string().describe("`stage@n`, unique in the graph."),
    stage: z.string().describe("Name of the stage."),
    kind: z.enum(["transformer", "estimator"]).describe("An estimator is fitted before it transforms."),
    operator: z.string().nullable().describe("Its operator; null for stages of the request."),
    class: z.enum(ESTIMATOR_CLASSES).nullable().describe("What an estimator learns; null for a transformer."),
    entity: z.string().nullable().describe("Entity that its outputs belong to; null for stages of the request."),
    cost: z.number().describe("Cost of the stage."),
    draft: z.boolean().describe("Whether the stage, or a change of it, is only in the request's `specs`."),
    inputs: z.array(PlanInput).describe("What it reads, fit inputs last."),
    outputs: z.array(PlanOutput).describe("What it writes."),
    variants: z.array(z.number().int()).describe("Indices of the variants that contain it, ascending."),
    predicts: z.array(z.number().int()).describe("Those of them that need it once everything is fitted."),
    signature: z
      .string()
      .nullable()
      .describe("Digest of the stage's version and the signatures of its inputs; null for stages of the request."),
    fingerprint: z
      .string()
      .nullable()
      .describe("Fit fingerprint of an estimator: equal fingerprint, equal fit. Null for others."),
    fitRows: z.string().nullable().describe("Rows that an estimator is fitted on, in words; null for others."),
    reuse: PlanReuse.nullable().describe("What need not be done again; null when everything must."),
    reason: z
      .string()
      .nullable()
      .describe("Of an estimator: why it would be fitted anew, or which fit would be used again."),
  })
  .meta({
    id: "PlanInstance",
    description: "A stage with where everything it reads comes from: it runs once, however many variants contain it.",
  });
export type PlanInstance = z.infer<typeof PlanInstance>;

export const PlanGraph = z
  .object({
    instances: z.array(PlanInstance).describe("In an order in which they can run."),
    sources: z
      .array(
        z.object({
          name: z.string().nullable().describe("Name of the source; null for columns of the request's `sources`."),
          columns: z.array(z.string()).describe("Its columns that some instance reads, or that were asked for."),
          version: z
            .number()
            .int()
            .nullable()
            .describe(
              "Newest dataset version that the registry knows, on which reuse and verdicts rest; null before it was ever read.",
            ),
          draft: z.boolean().describe("Whether the source, or a change of it, is only in the request's `specs`."),
        }),
      )
      .describe("What is read and not made."),
    columns: z
      .array(
        z.object({
          physical: z.string().describe("Name in the merged graph, unique."),
          logical: z.string().describe("Name in every variant."),
          writer: z.string().describe("Key of the only instance that writes it."),
        }),
      )
      .describe("Every column that is made."),
    physical: z
      .array(z.record(z.string(), z.string()))
      .describe("Variant by variant: logical to physical name of every column that is made."),
  })
  .meta({
    id: "PlanGraph",
    description: "All listed variants as one graph: what they agree on from the sources up is there once.",
  });
export type PlanGraph = z.infer<typeof PlanGraph>;

export const PlanVerdict = z
  .object({
    verdict: z.enum(VERDICTS).describe("Whether the test rows were seen."),
    severity: z.enum(SEVERITIES).describe("How bad."),
    reasons: z.array(z.enum(REASON_CODES)).describe("Codes, sorted."),
    sentence: z.string().describe("The verdict with its first reason, for people."),
    estimators: z
      .array(z.string())
      .describe("Keys of the instances whose fits are at fault: those with this verdict; empty when it is safe."),
  })
  .meta({ id: "PlanVerdict", description: "Whether the consumer's test score could be trusted, had the variant run." });
export type PlanVerdict = z.infer<typeof PlanVerdict>;

export const PlanVariant = z
  .object({
    outputs: z
      .array(z.string())
      .describe("The wanted columns that it derives: all of them when planned jointly, one when independently."),
    cost: z.number().describe("Cost of its stages together."),
    remaining: z
      .number()
      .describe(
        "Cost of what must still be done: without fits that are reused, values that are there, and what only those need.",
      ),
    fitted: z.number().int().describe("Its estimators whose fits are reused."),
    materialised: z.number().int().describe("Its instances whose values are read instead of computed."),
    saves: z.number().describe("Seconds that those took when they were done."),
    pins: z
      .record(z.string(), z.string())
      .describe(
        "Pins that leave only this variant: the writer of each of its columns that several stages could write.",
      ),
    verdict: PlanVerdict.nullable().describe("For the chosen consumer; null without one, or when no output is fitted."),
    search: z
      .object({
        trials: z.number().int().describe("Combinations of parameters that a run tries."),
        fits: z.number().int().describe("Fits of all trials; what trials have in common is fitted once."),
        cost: z.number().describe("Cost of all trials, beside that of the variant."),
      })
      .nullable()
      .describe("What the consumer's search over parameters takes before the variant is fitted; null without one."),
  })
  .meta({ id: "PlanVariant", description: "What a listed variant costs, reuses and is worth." });
export type PlanVariant = z.infer<typeof PlanVariant>;

export const PlanConsumer = z
  .object({
    pipeline: z
      .string()
      .nullable()
      .describe("Pipeline whose rows and evaluation are used; null when the request gave its own."),
    model: z.string().describe("Name of the model."),
    split: z.string().describe("Split policy that it is judged by."),
    label: z.string().describe("Column with the truth."),
    train: z.string().describe("Rows that it is fitted on, in words."),
    test: z.string().describe("Rows that it is tested on, in words."),
    warnings: z.array(z.string()).describe("Why its score would say nothing, such as a fit on its own test rows."),
  })
  .meta({ id: "PlanConsumer", description: "Who would be judged, on which rows." });
export type PlanConsumer = z.infer<typeof PlanConsumer>;
