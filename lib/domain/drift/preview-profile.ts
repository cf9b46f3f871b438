import type { ColumnStats } from "../profiles/column-stats";
import { equalWidthEdges } from "../statistics/bin-edges";
import type { Histogram } from "../statistics/histogram";
import { openEnds } from "../statistics/open-ends";
import type { Answer } from "./preview-answer";
import { readList, readNumbers, readTexts } from "./preview-cells";
import type { Issues } from "./preview-issues";
import type { OtherMetric, PreviewMetric } from "./preview-metrics";
import type { Question } from "./preview-sides";

/** Values of one column, to be profiled by the engine. */
export interface ValuesToProfile {
  type: "double" | "bigint" | "string" | "strings";
  /** As text, which the engine casts to the type; a list for each row of `strings`. */
  values: readonly (string | readonly string[] | null)[];
  /** Of the equal-width histogram; null for the engine's own. */
  edges: readonly number[] | null;
}

export type ProfileValues = (
  asked: ValuesToProfile,
) => Promise<{ stats: ColumnStats; histogram: Histogram; equalWidth: Histogram | null }>;

type ProfileMetric = Extract<OtherMetric, `profile_${string}`>;

export function isProfileMetric(metric: PreviewMetric): metric is ProfileMetric {
  return metric.startsWith("profile_");
}

const BUCKETS = 10;

/** What the engine's profile says of the reference, in the members of the contract. */
export async function previewProfile(
  metric: ProfileMetric,
  { reference, current }: Question,
  profileValues: ProfileValues,
  issues: Issues,
): Promise<Answer> {
  if (current !== null && current !== undefined)
    issues.add(["current"], "is not used: a profile has one population", "null, or nothing");
  const asked = READERS[metric](reference, issues);
  issues.throwIfAny();
  const { stats, equalWidth } = await profileValues(asked);
  const count = stats.rows - stats.missing;
  return {
    rows: stats.rows,
    count,
    missing: stats.missing,
    missing_ratio: stats.rows === 0 ? null : stats.missing / stats.rows,
    ...MEMBERS[metric](stats, equalWidth, count),
  };
}

const READERS: Record<ProfileMetric, (value: unknown, issues: Issues) => ValuesToProfile> = {
  profile_numeric(value, issues) {
    const { values } = readNumbers(readList(value, "reference", issues), "reference", issues);
    let [min, max] = [Infinity, -Infinity];
    for (const number of values) {
      if (number === null || !Number.isFinite(number)) continue;
      if (number < min) min = number;
      if (number > max) max = number;
    }
    return {
      type: "double",
      values: values.map((number) => (number === null ? null : String(number))),
      edges: min <= max ? equalWidthEdges(min, max, BUCKETS) : null,
    };
  },
  profile_int64: (value, issues) => ({
    type: "bigint",
    values: readList(value, "reference", issues).map((integer, index) => readInt64(integer, index, issues)),
    edges: null,
  }),
  profile_string: (value, issues) => ({
    type: "string",
    values: readTexts(readList(value, "reference", issues), "reference", issues).values,
    edges: null,
  }),
  profile_list: (value, issues) => ({
    type: "strings",
    values: readList(value, "reference", issues).map((list, index) => {
      if (list === null) return null;
      if (Array.isArray(list)) return list.map((item) => JSON.stringify(item));
      issues.add(["reference", index], "is not a list", "a list or null", list);
      return null;
    }),
    edges: null,
  }),
};

const DECILES = ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"];
const TAILS = ["0.01", "0.05", "0.95", "0.99"];

const MEMBERS: Record<ProfileMetric, (stats: ColumnStats, equalWidth: Histogram | null, count: number) => Answer> = {
  profile_numeric({ quantiles = {}, ...stats }, equalWidth) {
    const numbers = equalWidth?.kind === "numeric" && equalWidth.edges.length > 0 ? openEnds(equalWidth) : null;
    return {
      num_nan: stats.nan ?? 0,
      num_pos_inf: stats.positiveInfinity ?? 0,
      num_neg_inf: stats.negativeInfinity ?? 0,
      finite_count: stats.finite ?? 0,
      zeros: stats.zeros ?? 0,
      negative: stats.negative ?? 0,
      distinct: stats.distinct ?? 0,
      sum: stats.sum ?? null,
      mean: stats.mean ?? null,
      std_pop: stats.populationStd ?? null,
      std_sample: stats.sampleStd ?? null,
      skew_pop: stats.skew ?? null,
      min: stats.min ?? null,
      median: quantiles["0.5"] ?? null,
      max: stats.max ?? null,
      deciles: stats.finite ? [stats.min ?? null, ...DECILES.map((p) => quantiles[p] ?? null), stats.max ?? null] : [],
      quantiles: Object.fromEntries(TAILS.flatMap((p) => (quantiles[p] === undefined ? [] : [[p, quantiles[p]]]))),
      histogram: numbers && { edges: numbers.edges, counts: numbers.counts },
    };
  },
  profile_int64: (stats) => ({
    zeros: stats.zeros ?? 0,
    negative: stats.negative ?? 0,
    distinct: stats.distinct ?? 0,
    sum: String(stats.sum ?? 0),
    mean: stats.mean ?? null,
    min: stats.min === undefined ? null : String(stats.min),
    max: stats.max === undefined ? null : String(stats.max),
  }),
  profile_string: ({ top = [], ...stats }) => ({
    unique: stats.distinct ?? 0,
    top: top[0]?.value ?? null,
    freq_top: top[0]?.count ?? null,
    top_values: top.map(({ value, count }) => ({ value, count })),
    avg_len_codepoints: stats.averageLength ?? null,
    empty_strings: stats.emptyStrings ?? 0,
    invalid_text: stats.invalidUtf8 ?? 0,
  }),
  profile_list: ({ valency }, _, count) => ({
    min_num_values: valency?.min ?? null,
    max_num_values: valency?.max ?? null,
    avg_num_values: valency?.mean ?? null,
    tot_num_values: Math.round((valency?.mean ?? 0) * count),
    value_count_deciles: valency?.deciles ?? [],
  }),
};

const INT64_MAX = 2n ** 63n - 1n;

function readInt64(value: unknown, index: number, issues: Issues): string | null {
  if (value === null) return null;
  const isText = typeof value === "string" && /^[+-]?\d{1,30}$/.test(value);
  const integer = isText || Number.isSafeInteger(value) ? BigInt(value as string | number) : null;
  if (integer !== null && integer <= INT64_MAX && integer >= -INT64_MAX - 1n) return integer.toString();
  issues.add(
    ["reference", index],
    "is not a 64-bit integer",
    "digits from -9223372036854775808 to 9223372036854775807, as text beyond 2^53",
    value,
  );
  return null;
}
