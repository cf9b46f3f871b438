import { z } from "zod";
import { DRIFT_METRICS } from "@/lib/domain/definitions/drift-metric";
import { DRIFT_FIGURES } from "@/lib/domain/drift/drift-metrics";
import { METRIC_ALIASES, OTHER_METRICS } from "@/lib/domain/drift/preview-metrics";
import { PARAMETER_VALUES } from "@/lib/domain/drift/preview-parameters";
import { operation } from "./operation";

const METRICS = [
  ...Object.entries(DRIFT_METRICS).map(([name, { name: words }]) => `${name} (${words})`),
  ...Object.entries(OTHER_METRICS).map(([name, about]) => `${name} (${about})`),
].join(", ");

const ALIASES = Object.entries(METRIC_ALIASES)
  .map(([alias, name]) => `${alias} for ${name}`)
  .join(", ");

const PARAMETERS = [
  ...Object.entries(PARAMETER_VALUES).map(([name, values]) => `\`${name}\` ${values.join(" | ")}`),
  "`edges` two or more ascending numbers",
  "`epsilon` above 0 and below 1",
  "`renormalise` true | false",
  "`yates` true | false",
].join("; ");

const POPULATION = `What the metric takes: counts or weights of the same buckets, a map of counts by name, a list of values (numbers, texts, null for missing, "NaN", "Infinity" and "-Infinity" as strings), or [low, high, count] buckets.`;

export const DriftPreviewRequest = z
  .strictObject({
    metric: z.string().describe(`One of ${METRICS}. Aliases: ${ALIASES}.`),
    params: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.number())], {
          error: "expected a text, a number, true, false or a list of numbers",
        }),
      )
      .default({})
      .describe(
        `Parameters of the metric: ${PARAMETERS}. Which metric has which, and the defaults, are in docs/drift.md; an unknown one is refused.`,
      ),
    reference: z.unknown().describe(`What is compared with, or profiled. ${POPULATION}`),
    current: z.unknown().optional().describe(`What is compared; null or left out for profiles. ${POPULATION}`),
  })
  .meta({ id: "DriftPreviewRequest", description: "A metric and what to compute it on." });

const Num = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .nullable()
  .describe("A number; null where there is none, and a string for what JSON has no word for.");

const num = (what: string) => Num.optional().describe(what);
const nums = (what: string) => z.array(Num).optional().describe(what);
const count = (what: string) => z.number().int().optional().describe(what);
const text = (what: string) => z.string().nullable().optional().describe(what);

const score = {
  value: num("The score, as a monitor would store it; null when there is nothing to compare."),
  figure: z
    .enum(Object.keys(DRIFT_FIGURES) as [keyof typeof DRIFT_FIGURES])
    .optional()
    .describe("What the score is: `natural`, `ks` and `chi_square` choose by type and size."),
  n_ref: count("Values of the reference that took part."),
  n_cur: count("Values of the current population that took part."),
};

const buckets = {
  labels: z.array(z.string()).optional().describe("Names of the buckets, where they have names."),
  edges: nums("Edges of the buckets."),
  ref_counts: nums("Rows of the reference by bucket."),
  cur_counts: nums("Rows of the current population by bucket."),
  ref_outside: nums("Rows of the reference below and above the edges, where the outer buckets are not open."),
  cur_outside: nums("The same of the current population."),
  argmax_index: count("Which bucket has the greatest difference."),
  argmax_label: z.string().optional().describe("Its name, where it has one."),
  aligned_edges: nums("Boundaries of both histograms."),
  p: nums("Shares of the reference between the aligned edges, then at single values."),
  q: nums("The same of the current population."),
};

const tests = {
  statistic: num("The statistic of a test."),
  df: num("Degrees of freedom."),
  p_value: num("Probability of a statistic at least as large."),
  p_value_fraction: z.string().optional().describe("The exact one as a fraction, for a few dozen values."),
  z: num("The z statistic."),
};

const samples = {
  ref_std_pop: num("Population standard deviation of the reference's finite values."),
  ref_missing_ratio: num("Share of missing values in the reference."),
  cur_missing_ratio: num("Share of missing values in the current population."),
};

const profile = {
  rows: count("Rows, missing ones included."),
  count: count("Rows that are not missing."),
  missing: count("Missing rows."),
  missing_ratio: num("Share of missing rows."),
  num_nan: count("NaN."),
  num_pos_inf: count("+∞."),
  num_neg_inf: count("−∞."),
  zeros: count("Zeros, −0 included."),
  negative: count("Numbers below zero."),
  distinct: count("Different values."),
  finite_count: count("Finite values."),
  mean: num("Mean of the finite values."),
  sum: z.union([Num, z.string()]).optional().describe("Sum of the finite values; digits for 64-bit integers."),
  std_pop: num("Population standard deviation."),
  std_sample: num("Sample standard deviation; null for one value."),
  skew_pop: num("Population skew g₁; null for a constant."),
  min: z.union([Num, z.string()]).optional().describe("Least finite value; digits for 64-bit integers."),
  median: num("Median, type 7."),
  max: z.union([Num, z.string()]).optional().describe("Greatest finite value; digits for 64-bit integers."),
  deciles: nums("Minimum, nine deciles and maximum, type 7."),
  quantiles: z.record(z.string(), Num).optional().describe("Quantiles 0.01, 0.05, 0.95 and 0.99, type 7."),
  histogram: z
    .object({ edges: z.array(Num).describe("Edges."), counts: z.array(Num).describe("Rows by bucket.") })
    .nullable()
    .optional()
    .describe("Ten equal-width buckets over the finite values; infinities are in the outer ones."),
  unique: count("Different texts."),
  top: text("The most frequent text; the first in code points of several."),
  freq_top: num("How often it is there."),
  top_values: z
    .array(z.object({ value: z.string().describe("The text."), count: z.number().describe("Its rows.") }))
    .optional()
    .describe("The ten most frequent texts."),
  avg_len_codepoints: num("Average length in code points."),
  empty_strings: count("Empty texts."),
  invalid_text: count("Texts with a replacement character or half a surrogate pair."),
  min_num_values: num("Fewest values in a list."),
  max_num_values: num("Most values in a list."),
  avg_num_values: num("Average number of values in a list."),
  tot_num_values: count("Values of all lists."),
  value_count_deciles: nums("Deciles of the number of values in a list."),
};

export const DriftPreview = z
  .strictObject({
    status: z
      .enum(["ok", "ok_low_sample", "insufficient_data"])
      .optional()
      .describe("ok_low_sample below 30 rows in a population; insufficient_data when there is nothing to compare."),
    reason: z.string().optional().describe("Why the answer is not an ordinary one."),
    ...score,
    ...buckets,
    ...tests,
    ...samples,
    ...profile,
  })
  .meta({ id: "DriftPreview", description: "The members that the metric has, each once." });
export type DriftPreview = z.infer<typeof DriftPreview>;

export const previewDriftMetric = operation({
  id: "previewDriftMetric",
  method: "POST",
  path: "/api/v1/drift/preview",
  summary: "Any drift metric or profile of data in the request; nothing is read or stored.",
  tag: "drift",
  body: DriftPreviewRequest,
  response: DriftPreview,
});
