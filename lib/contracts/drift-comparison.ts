import { z } from "zod";
import { Instant } from "./operation";

const DRIFT_STATES = ["fine", "warn", "critical", "insufficient_data"] as const;

export const DriftState = z.enum(DRIFT_STATES).describe("The score against its thresholds.");
export type DriftState = z.infer<typeof DriftState>;

export const DriftMissing = z
  .object({
    reference: z.number().describe("Share of the reference's rows without a value; NaN counts as none."),
    current: z.number().describe("The same of the current side."),
    difference: z.number().describe("How far apart the two are."),
    state: DriftState,
    severity: z.number().nullable().describe("Difference ÷ warn."),
    warn: z.number().describe("Difference from which it is a warning."),
    critical: z.number().describe("Difference from which it is critical."),
  })
  .meta({ id: "DriftMissing", description: "Missing values, which are counted apart from the distribution." });

export const DriftTest = z
  .object({
    statistic: z.number().describe("The statistic of the test."),
    pValue: z.number().describe("Probability of a statistic at least as great by chance."),
    corrected: z.number().describe("After correction for being one of many features (Benjamini and Hochberg)."),
  })
  .meta({ id: "DriftTest", description: "A test, below 1,000 values." });

/** Which of the two decided. */
export const Because = z
  .enum(["distribution", "missing"])
  .nullable()
  .describe("Whether the state is that of the values that are there or that of those that are not; null when fine.");

const DriftBar = z
  .object({
    label: z.string().describe("The interval, the value or the kind of bucket."),
    reference: z.number().describe("Rows of the reference in it."),
    current: z.number().describe("Rows of the current side in it."),
  })
  .meta({ id: "DriftBar", description: "One bucket, the same on both sides." });
export type DriftBar = z.infer<typeof DriftBar>;

const DriftSide = z
  .object({
    label: z.string().describe("Which rows: a month or a version, in words."),
    version: z.number().int().describe("Version of the feature."),
    dataset: z.string().describe("Dataset version of the rows, as `name@version`."),
    from: Instant.nullable().describe("First moment of the window; null for all time."),
    to: Instant.nullable().describe("End of the window, exclusive."),
    rows: z.number().describe("Rows."),
    missing: z.number().describe("Rows without a value."),
    mean: z.number().nullable().describe("Mean; null unless numeric."),
    std: z.number().nullable().describe("Sample standard deviation; null unless numeric."),
    median: z.number().nullable().describe("Median; null unless numeric."),
    min: z.string().nullable().describe("Smallest value."),
    max: z.string().nullable().describe("Largest value."),
  })
  .meta({ id: "DriftSide", description: "One side of a comparison." });
export type DriftSide = z.infer<typeof DriftSide>;

export const DriftComparison = z
  .object({
    metric: z.string().describe("The figure that was computed: `natural` and tests choose by type and size."),
    score: z.number().nullable().describe("The distance, or a probability; null when there is nothing to compare."),
    state: DriftState.describe("The worse of distribution and missing values."),
    severity: z.number().nullable().describe("Score ÷ warn threshold; for a probability warn ÷ p."),
    because: Because,
    test: DriftTest.nullable().describe("Of a test; null of a distance."),
    missing: DriftMissing,
    warn: z.number().describe("Score from which it is a warning."),
    critical: z.number().describe("Score from which it is critical."),
    explanation: z.string().describe("The verdict in a sentence."),
    reference: DriftSide.describe("The side that fixed the buckets."),
    current: DriftSide.describe("The side that is judged."),
    bars: z.array(DriftBar).describe("The buckets that the score is computed from."),
    equalWidth: z
      .array(DriftBar)
      .nullable()
      .describe("The same rows in buckets of equal width, for the eye; null for categories."),
  })
  .meta({ id: "DriftComparison", description: "Two distributions on shared edges, and how far they are apart." });
export type DriftComparison = z.infer<typeof DriftComparison>;
