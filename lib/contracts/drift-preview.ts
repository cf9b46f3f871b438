import { z } from "zod";
import { PREVIEW_METRICS } from "@/lib/domain/drift/preview/preview-drift";
import { operation } from "./operation";

const METRICS = Object.entries(PREVIEW_METRICS)
  .map(([name, { about }]) => `${name} (${about})`)
  .join(", ");

const SIDE = `What the metric takes: counts or weights of the same buckets, a map of counts by name, a list of values (numbers, texts, null for missing, "NaN", "Infinity" and "-Infinity" as strings), or [low, high, count] buckets.`;

export const DriftPreviewRequest = z
  .strictObject({
    metric: z.string().describe(`One of ${METRICS}.`),
    params: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.number())], {
          error: "expected a text, a number, true, false or a list of numbers",
        }),
      )
      .default({})
      .describe(
        "Parameters of the metric, such as `input`, `log`, `binning`, `edges`, `empty_bin`, `epsilon`, `variant`, `yates`, `p_value`; `preset` (evidently, tfdv, nannyml, hopsworks) takes another tool's.",
      ),
    reference: z.unknown().describe(`The side compared with, or profiled. ${SIDE}`),
    current: z.unknown().describe(`The side compared; null or left out for profiles. ${SIDE}`),
  })
  .meta({ id: "DriftPreviewRequest", description: "A metric and what to compute it on." });

const Num = z
  .union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .nullable()
  .describe("A number; null where there is none, and a string for what JSON has no word for.");

const num = (what: string) => Num.optional().describe(what);
const nums = (what: string) => z.array(Num).optional().describe(what);
const nullableNums = (what: string) => z.array(Num).nullable().optional().describe(what);
const count = (what: string) => z.number().int().optional().describe(what);
const text = (what: string) => z.string().nullable().optional().describe(what);

const distances = {
  value: num("The score of the metric; null when there is nothing to compare."),
  js_divergence_bits: num("Jensen–Shannon divergence, base 2."),
  js_distance_bits: num("Jensen–Shannon distance, base 2."),
  js_distance_nats: num("Jensen–Shannon distance, natural logarithms."),
  hellinger: num("Hellinger distance."),
  l_infinity: num("Greatest difference of shares."),
  total_variation: num("Half the sum of the differences of shares."),
  argmax_index: count("Which bucket has the greatest difference."),
  argmax_label: z.string().optional().describe("Its name, where buckets have names."),
  psi_evidently_fill: num("PSI with empty buckets replaced as Evidently does."),
};

const buckets = {
  labels: z.array(z.string()).optional().describe("Names of the buckets."),
  edges: nullableNums("Edges of the buckets; null when there is no finite value."),
  raw_edges: nums("Deciles of the reference."),
  inner_edges: nums("Different inner deciles: below the first and from the last on are buckets too."),
  ref_counts: nullableNums("Rows of the reference by bucket."),
  cur_counts: nullableNums("Rows of the current side by bucket."),
  aligned_edges: nums("Boundaries of both sides."),
  p: nums("Shares of the reference between the aligned edges, then at single values."),
  q: nums("The same of the current side."),
  unmatched_shares: nums("Shares that match nothing (NaN, buckets with an infinite end), of both sides."),
};

const tests = {
  statistic: num("The statistic of a test."),
  df: num("Degrees of freedom."),
  p_value: num("Probability of a statistic at least as large."),
  p_value_exact: num("The exact one; null for samples too large for it."),
  p_value_fraction: z.string().optional().describe("The exact one as a fraction, for a few dozen values."),
  p_value_kolmogorov_limit: num("By Kolmogorov's limit distribution."),
  statistic_no_yates: num("The statistic without Yates' correction."),
  p_value_no_yates: num("The p-value without Yates' correction."),
  chi2_contingency: num("The chi-square statistic of the table of side by category."),
  z: num("The z statistic."),
};

const samples = {
  n_ref: count("Values of the reference that took part."),
  n_cur: count("Values of the current side that took part."),
  ks_statistic: num("Kolmogorov–Smirnov statistic."),
  ks_p_exact: num("Its exact p-value; null for samples too large for it."),
  ks_p_kolmogorov_limit: num("Its p-value in the limit of large samples."),
  wasserstein: num("Wasserstein distance in the feature's unit."),
  wasserstein_normed_pop_std: num("The same in standard deviations of the reference, at least 0.001."),
  ref_std_pop: num("Population standard deviation of the reference's finite values."),
  ref_mean: num("Mean of the reference's finite values."),
  cur_mean: num("Mean of the current side's finite values."),
  ref_deciles: nums("Deciles of the reference's finite values."),
  psi_sturges_evidently: num("PSI by Sturges' edges over both sides, empty buckets replaced as Evidently does."),
  ref_missing_ratio: num("Share of missing values in the reference."),
  cur_missing_ratio: num("Share of missing values in the current side."),
};

const profile = {
  rows: count("Rows, missing ones included."),
  count: count("Rows that are not missing."),
  count_non_missing: count("The same."),
  num_non_missing: count("The same."),
  missing: count("Missing rows."),
  missing_ratio: num("Share of missing rows."),
  num_nan: count("NaN."),
  num_pos_inf: count("+∞."),
  num_neg_inf: count("−∞."),
  zeros: count("Zeros, −0 included."),
  negative: count("Numbers below zero."),
  distinct: count("Different values, exactly."),
  single_value: z.boolean().optional().describe("Whether there is one value only."),
  finite_count: count("Finite values."),
  mean: num("Mean of the finite values."),
  finite_mean: num("The same."),
  mean_if_inf_included: num("What the mean would be with NaN and infinities."),
  mean_fraction: text("The mean as sum/count."),
  sum: z.union([Num, z.string()]).optional().describe("Sum of the finite values; digits for 64-bit integers."),
  std_pop: num("Population standard deviation."),
  std_sample: num("Sample standard deviation; null for one value."),
  skew_pop: num("Population skew g₁; null for a constant."),
  skew_sample: num("Sample skew G₁; null below three values."),
  min: z.union([Num, z.string()]).optional().describe("Least finite value; digits for 64-bit integers."),
  finite_min: num("The same."),
  median: num("Median, type 7."),
  max: z.union([Num, z.string()]).optional().describe("Greatest finite value; digits for 64-bit integers."),
  finite_max: num("The same."),
  deciles: nums("Minimum, nine deciles and maximum, type 7."),
  quantiles: z.record(z.string(), Num).optional().describe("Quantiles 0.01, 0.05, 0.95 and 0.99, type 7."),
  histogram: z
    .object({ edges: z.array(Num).describe("Edges."), counts: z.array(Num).describe("Rows by bucket.") })
    .nullable()
    .optional()
    .describe("Ten equal-width buckets over the finite values."),
  histogram_counts: nullableNums("Its counts, infinities in the outer buckets."),
  numpy_counts: nullableNums("The same."),
  numpy_edges_first_last: nullableNums("Its first and last edge."),
  first_low: num("Where the first bucket begins: -Infinity if it holds −∞."),
  last_high: num("Where the last bucket ends: Infinity if it holds +∞."),
  entropy_normalised: num("Normalised entropy of the histogram: 1 is uniform."),
  naive_double_distinct: count("Different values left after a detour through doubles."),
  unique: count("Different texts."),
  top: text("The most frequent text; the first in code points of several."),
  freq_top: num("How often it is there."),
  top_values: z
    .array(z.object({ value: z.string().describe("The text."), count: z.number().describe("Its rows.") }))
    .optional()
    .describe("The ten most frequent texts."),
  avg_len_codepoints: num("Average length in code points."),
  avg_len_utf16: num("Average length in UTF-16 units."),
  avg_len_utf8: num("Average length in bytes of UTF-8."),
  empty_strings: count("Empty texts."),
  invalid_text: count("Texts with half a surrogate pair or a replacement character."),
  min_num_values: num("Fewest values in a list."),
  max_num_values: num("Most values in a list."),
  avg_num_values: num("Average number of values in a list."),
  tot_num_values: count("Values of all lists."),
  value_count_deciles: nums("Deciles of the number of values in a list."),
};

export const DriftPreview = z
  .object({
    status: z
      .enum(["ok", "ok_low_sample", "insufficient_data"])
      .optional()
      .describe("ok_low_sample below 30 rows on a side; insufficient_data when there is nothing to compare."),
    reason: z.string().optional().describe("Why the answer is not an ordinary one."),
    error: z.string().optional().describe("The error that TFDV would give."),
    ...distances,
    ...buckets,
    ...tests,
    ...samples,
    ...profile,
  })
  .catchall(Num)
  .meta({
    id: "DriftPreview",
    description:
      "The members that the metric has. Further ones are p_value_kstwo_nN: the p-value of the one-sample distribution over N values, as SciPy's asymptotic branch has it.",
  });
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
