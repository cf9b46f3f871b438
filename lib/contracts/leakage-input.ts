import { z } from "zod";
import { ESTIMATOR_CLASSES } from "@/lib/domain/definitions/stage";
import { ofCases } from "./operation";

const Window = z
  .tuple([z.string().nullable(), z.string().nullable()])
  .describe("`[from, to)`, ISO dates or instants; naive ones are UTC, null is unbounded.");

/** A number of this size has lost its last digits on the way, and a proof must not rest on it. */
const ExactNumber = z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
  error: 'expected an integer with all its digits, such as "9007199254740993": a number this large is rounded',
});

const KeyBound = z.union([ExactNumber, z.bigint(), z.string()]).nullable();

/** Strict, unlike the rest: a condition that was mistyped and ignored would make the box, and the verdict, another one. */
const Box = z
  .strictObject({
    dataset: z.string().describe("Name of the dataset."),
    version: z.string().describe("Its version."),
    split: z
      .strictObject({
        policy: z.string().describe("Name of a split policy."),
        version: z
          .number()
          .int()
          .positive()
          .optional()
          .describe("Version of the policy; `policies` then holds it as `name@version`."),
        parts: z.array(z.string()).describe("Parts of it."),
        assignment: z
          .string()
          .optional()
          .describe("Of a random policy: digest of the materialised assignment, which makes it one to be trusted."),
      })
      .optional()
      .describe("Only rows in one of the parts."),
    time: Window.optional().describe("Only rows in a window of the dataset's time column."),
    keys: z
      .strictObject({
        column: z.string().describe("The column."),
        range: z
          .tuple([KeyBound, KeyBound])
          .describe(
            "`[low, high)`; null is unbounded. Integers of any size, as numbers or as decimal text, are compared exactly.",
          ),
      })
      .optional()
      .describe("Only rows in a range of a column."),
  })
  .meta({ id: "LeakageBox", description: "Rows of a dataset version that meet every condition given." });

const RowSet = z.array(Box);

const SplitPolicy = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("hash").describe("Buckets of a hashed key."),
      algo: z.string().describe("Hash algorithm."),
      key: z.string().describe("Column that is hashed."),
      salt: z.string().describe("Salt."),
      buckets: z.number().int().min(1).describe("Number of buckets."),
      parts: z
        .record(z.string(), z.array(z.tuple([z.number(), z.number()])))
        .describe("Part → half-open ranges of buckets."),
    }),
    z.strictObject({
      type: z.literal("time").describe("Windows of a time column."),
      column: z.string().describe("The column."),
      parts: z.record(z.string(), Window).describe("Part → window."),
    }),
    z.strictObject({
      type: z.literal("random").describe("Drawn at random."),
      seed: z.number().optional().describe("Seed."),
      fractions: z.array(z.number()).optional().describe("Share of each part."),
      materialized: z.boolean().describe("Whether the assignment was written down."),
      parts: z.array(z.string()).describe("Names of the parts."),
      source: z.string().optional().describe("Source whose rows are assigned."),
      stratify: z.string().optional().describe("Column whose values have equal shares in every part."),
    }),
  ])
  .meta({ id: "LeakageSplitPolicy", description: "How rows are assigned to parts." });

const Dataset = z
  .strictObject({
    columns: z.array(z.string()).describe("Its columns."),
    rowKey: z.array(z.string()).describe("Columns that identify a row."),
    timeColumn: z.string().nullish().describe("Column of the row's time."),
    appendOnly: z.boolean().optional().describe("Whether a later version holds every row of an earlier one."),
    versions: z
      .record(z.string(), z.strictObject({ time: Window.nullish().describe("Range of the time column.") }))
      .describe("Version → what is known of it."),
  })
  .meta({ id: "LeakageDataset", description: "What is known of a dataset." });

const stage = {
  id: z.string().describe("Name of the stage."),
  inputs: z.array(z.string()).describe("Columns that it reads."),
  outputs: z.array(z.string()).describe("Columns that it writes."),
};

const Estimator = z
  .strictObject({
    ...stage,
    class: z.enum(ESTIMATOR_CLASSES).describe("What kind of thing it learns."),
    fitInputs: z.array(z.string()).default([]).describe("Columns that it needs to fit only: labels."),
    fit: z
      .union([
        RowSet,
        z.strictObject({
          external: z.literal(true).describe("It was fitted elsewhere."),
          attested: z.boolean().describe("Somebody attests that the test rows were not used."),
        }),
        z.null(),
      ])
      .describe("Rows that the fit saw; null when nobody recorded them."),
    labelHorizonDays: z.number().min(0).optional().describe("Days until a row's label is known."),
    oof: z.boolean().optional().describe("Values for its own rows are out of fold."),
  })
  .meta({ id: "LeakageEstimator", description: "A fitted stage upstream." });

const Transformer = z
  .strictObject(stage)
  .meta({ id: "LeakageTransformer", description: "A stage that learns nothing." });

const Consumer = z
  .strictObject({
    name: z.string().optional().describe("What people call it."),
    features: z.array(z.string()).describe("Columns that it reads."),
    label: z.string().nullish().describe("Column that it predicts."),
    unit: z.array(z.string()).describe("Columns whose shared value counts as leakage."),
    temporal: z.boolean().optional().describe("Whether it predicts what happens after the rows it was fitted on."),
    train: RowSet.nullable().describe(
      "Rows it is trained on: judged against its test rows as those of a supervised estimator. Null when nobody recorded them.",
    ),
    selection: RowSet.optional().describe(
      "Rows that its parameters were chosen by: judged against its test rows as those of an estimator of class selection.",
    ),
    test: RowSet.describe("Rows it is tested on."),
    testUnits: z.number().int().min(0).optional().describe("Distinct units in the test rows."),
    testRows: z.number().int().min(0).optional().describe("Test rows that were scored."),
    testClasses: z.number().int().min(0).optional().describe("How many different labels they have."),
    testDuplicates: z
      .strictObject({
        rows: z.number().int().min(0).describe("Test rows that agree in all features with a training row."),
        of: z.number().int().min(0).describe("Test rows."),
      })
      .optional()
      .describe("Rows with the same values of all features on both sides of the split, as an engine counted them."),
    targetProxies: z
      .array(
        z.strictObject({
          feature: z.string().describe("The feature."),
          measure: z.enum(["auc", "r2"]).describe("Area under its ROC curve, or the square of its correlation."),
          value: z.number().min(0).max(1).describe("The figure."),
          rows: z.number().int().min(0).describe("Validation rows that it was measured on."),
        }),
      )
      .optional()
      .describe("Features that tell the label alone on validation rows, as an engine measured them."),
    testScored: z.number().int().min(0).optional().describe("How often the test rows were scored."),
    testScoredLimit: z.number().int().min(0).optional().describe("How often they may be."),
  })
  .meta({ id: "LeakageConsumerInput", description: "The model whose test score is to be trusted." });

const estimator = z.string().describe("Id of the estimator that was measured.");
const count = z.number().int().min(0);
const withoutUnit = count
  .optional()
  .describe("Rows of both sides that lack a value of the unit: with any of them no overlap is no proof.");
const Measurement = z
  .discriminatedUnion("method", [
    z.strictObject({
      estimator,
      method: z.literal("exact").describe("Keys were counted."),
      intersection: count.describe("Units in both."),
      testRows: z
        .strictObject({ shared: count.describe("Test rows of units in both."), of: count.describe("All test rows.") })
        .optional()
        .describe("The test rows behind them."),
      withoutUnit,
    }),
    z.strictObject({
      estimator,
      method: z.literal("bloom").describe("A Bloom filter of the fit keys was probed."),
      queries: count.describe("Test keys probed."),
      hits: count.describe("Keys the filter knows."),
      fpr: z.number().min(0).max(1).describe("Its false-positive rate."),
    }),
    z.strictObject({
      estimator,
      method: z.literal("theta").describe("Theta sketches were intersected."),
      common: count.describe("Hashes retained by both."),
      exact: z.boolean().describe("Whether both are still exact."),
      withoutUnit,
    }),
    z.strictObject({
      estimator,
      method: z.literal("hll").describe("HyperLogLog sketches were compared."),
      lowerBound: z.number().describe("Lower confidence bound of the intersection."),
    }),
  ])
  .meta({ id: "LeakageMeasurement", description: "What an engine counted about shared unit keys." });

/** What a verdict is computed from. A member that is misspelt would be missing, and a verdict without it too good. */
export const LeakageInput = z
  .strictObject({
    datasets: z.record(z.string(), Dataset).describe("Datasets by name."),
    policies: z.record(z.string(), SplitPolicy).default({}).describe("Split policies by name."),
    estimators: z.array(Estimator).default([]).describe("Fitted stages."),
    transformers: z.array(Transformer).default([]).describe("Stages that learn nothing."),
    consumer: Consumer.describe("The model."),
    measurements: z.array(Measurement).default([]).describe("What was counted."),
    ...ofCases,
  })
  .meta({ id: "LeakageInput", description: "A consumer and everything upstream of it." });
