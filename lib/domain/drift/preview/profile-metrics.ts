import { normalisedEntropy } from "../../statistics/normalised-entropy";
import { profileInt64 } from "../../profile/profile-int64";
import { profileList } from "../../profile/profile-list";
import { profileNumeric, type NumericProfile } from "../../profile/profile-numeric";
import { profileString } from "../../profile/profile-string";
import { insufficient, type Answer } from "./answer";
import { readList, readNumbers, readTexts } from "./cells";
import { readCountsOf } from "./counts";
import type { Issues } from "./issues";
import type { Metric } from "./metric";

/** Profiles the reference; there is no current side. */
function profileMetric(
  about: string,
  parameters: string[],
  profile: (values: unknown, issues: Issues) => Answer,
): Metric {
  return {
    about,
    parameters,
    inputs: ["counts"],
    isOneSided: true,
    answer: ({ reference }, _, issues) => profile(reference, issues),
  };
}

export const PROFILE_METRICS: Record<string, Metric> = {
  profile_numeric: profileMetric("profile of numbers", ["quantile", "histogram"], (values, issues) => {
    const { values: column } = readNumbers(readList(values, "reference", issues), "reference", issues);
    issues.throwIfAny();
    return numericAnswer(profileNumeric(column));
  }),
  profile_int64: profileMetric("profile of 64-bit integers", ["representation"], (values, issues) => {
    const column = readList(values, "reference", issues).map((value, index) => readInt64(value, index, issues));
    issues.throwIfAny();
    const { count, sum, min, max, distinct, distinctAsDoubles, ...profile } = profileInt64(column);
    return {
      ...common(profile.rows, profile.missing),
      zeros: profile.zeros,
      negative: profile.negative,
      distinct,
      min: min === null ? null : String(min),
      max: max === null ? null : String(max),
      sum: String(sum),
      mean: profile.mean,
      mean_fraction: count === 0 ? null : `${sum}/${count}`,
      naive_double_distinct: distinctAsDoubles,
    };
  }),
  profile_string: profileMetric("profile of texts", ["length", "top"], (values, issues) => {
    const { values: column } = readTexts(readList(values, "reference", issues), "reference", issues);
    issues.throwIfAny();
    const { top, averageLength, ...profile } = profileString(column);
    return {
      ...common(profile.rows, profile.missing),
      unique: profile.distinct,
      top: top[0]?.value ?? null,
      freq_top: top[0]?.count ?? null,
      top_values: top,
      avg_len_codepoints: averageLength?.codePoints ?? null,
      avg_len_utf16: averageLength?.utf16 ?? null,
      avg_len_utf8: averageLength?.utf8 ?? null,
      empty_strings: profile.emptyStrings,
      invalid_text: profile.invalidText,
    };
  }),
  profile_list: profileMetric("profile of lists", ["missing"], (values, issues) => {
    const column = readList(values, "reference", issues).map((value, index) => {
      if (value === null || Array.isArray(value)) return value;
      issues.add(["reference", index], "is no list", "a list or null", value);
      return null;
    });
    issues.throwIfAny();
    const { valency, valencyDeciles, total, ...profile } = profileList(column);
    return {
      ...common(profile.rows, profile.missing),
      num_non_missing: profile.count,
      min_num_values: valency?.min ?? null,
      max_num_values: valency?.max ?? null,
      avg_num_values: valency?.mean ?? null,
      tot_num_values: total,
      value_count_deciles: valencyDeciles,
    };
  }),
  facets_non_uniformity: profileMetric("normalised entropy of counts", ["input"], (values, issues) => {
    const counts = readCountsOf(values, "reference", issues);
    issues.throwIfAny();
    const value = normalisedEntropy(counts);
    return value === null ? insufficient("reference has no rows") : { value };
  }),
};

function common(rows: number, missing: number): Answer {
  return { rows, count: rows - missing, missing, missing_ratio: rows === 0 ? null : missing / rows };
}

function numericAnswer(profile: NumericProfile): Answer {
  const { moments, histogram } = profile;
  const [first, last] = [histogram?.edges[0] ?? null, histogram?.edges.at(-1) ?? null];
  return {
    ...common(profile.rows, profile.missing),
    count_non_missing: profile.rows - profile.missing,
    num_nan: profile.nan,
    num_pos_inf: profile.positiveInfinity,
    num_neg_inf: profile.negativeInfinity,
    zeros: profile.zeros,
    negative: profile.negative,
    distinct: profile.distinct,
    single_value: profile.distinct === 1 && profile.nan === 0,
    finite_count: moments?.count ?? 0,
    mean: moments?.mean ?? null,
    finite_mean: moments?.mean ?? null,
    mean_if_inf_included: profile.meanOfAll,
    sum: moments?.sum ?? null,
    std_pop: moments?.populationStd ?? null,
    std_sample: moments?.sampleStd ?? null,
    skew_pop: moments?.populationSkew ?? null,
    skew_sample: moments?.sampleSkew ?? null,
    min: moments?.min ?? null,
    finite_min: moments?.min ?? null,
    median: profile.deciles[5] ?? null,
    max: moments?.max ?? null,
    finite_max: moments?.max ?? null,
    deciles: profile.deciles,
    quantiles: profile.tails,
    histogram: histogram && { edges: histogram.edges, counts: histogram.counts },
    histogram_counts: histogram?.counts ?? null,
    numpy_counts: histogram?.counts ?? null,
    numpy_edges_first_last: first === null || last === null ? null : [first, last],
    first_low: profile.negativeInfinity > 0 ? -Infinity : first,
    last_high: profile.positiveInfinity > 0 ? Infinity : last,
    entropy_normalised: profile.entropy,
  };
}

const INT64_MAX = 2n ** 63n - 1n;

function readInt64(value: unknown, index: number, issues: Issues): bigint | null {
  if (value === null) return null;
  const isText = typeof value === "string" && /^[+-]?\d{1,30}$/.test(value);
  const integer = isText || Number.isSafeInteger(value) ? BigInt(value as string | number) : null;
  if (integer !== null && integer <= INT64_MAX && integer >= -INT64_MAX - 1n) return integer;
  issues.add(
    ["reference", index],
    "is no 64-bit integer",
    "digits from -9223372036854775808 to 9223372036854775807, as text beyond 2^53",
    value,
  );
  return null;
}
