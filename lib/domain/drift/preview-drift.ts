import { facetsDistance } from "../statistics/count-distances";
import { toShares } from "../statistics/empty-buckets";
import { MOST_EXACT_STEPS } from "../statistics/binned-tests";
import { exactTailFraction } from "../statistics/kolmogorov-smirnov";
import { normalisedEntropy } from "../statistics/normalised-entropy";
import { lInfinity } from "../statistics/share-distances";
import { zTest } from "../statistics/z-test";
import type { DriftMetric } from "../definitions/drift-metric";
import { DRIFT_FIGURES, type DriftFigure, hasUnit } from "./drift-metrics";
import { countMissing } from "./drift-side";
import { LEAST_ROWS } from "./first-window";
import { comparedCounts, type DriftMeasure, LEAST_STD, measureDrift } from "./measure-drift";
import { type Answer, insufficient, toJson } from "./preview-answer";
import type { Population } from "./preview-cells";
import { isMap, readCounts, readCountsOf, readMaps } from "./preview-counts";
import { Issues } from "./preview-issues";
import {
  grammarOf,
  isDriftMetric,
  METRIC_ALIASES,
  type OtherMetric,
  PREVIEW_METRIC_NAMES,
  type PreviewMetric,
} from "./preview-metrics";
import { type PreviewParameters, readParameters, wayOf } from "./preview-parameters";
import { isProfileMetric, previewProfile, type ProfileValues } from "./preview-profile";
import { type ComparedSides, inputOf, type Order, type Question, readSides } from "./preview-sides";

export interface PreviewQuestion {
  metric: string;
  params?: Readonly<Record<string, unknown>> | undefined;
  /** Counts, weights, a map of counts, values or buckets: what the metric takes. */
  reference?: unknown;
  current?: unknown;
}

/** Values of both populations up to which an exact probability is also told as a fraction. */
const FRACTION_VALUES = 60;

/**
 * Computes a metric on what is given, without any state, by what monitors call. The answer's members depend on the metric;
 * infinite numbers and NaN are the strings "Infinity", "-Infinity" and "NaN". Where there is nothing to compare, `value` is
 * null and `status` and `reason` say so. Throws `invalid` with all `issues` for an unknown metric or parameter and for input
 * that the metric cannot take.
 */
export async function previewDrift(asked: PreviewQuestion, profileValues: ProfileValues): Promise<Answer> {
  const issues = new Issues();
  const metric = metricNamed(asked.metric, issues);
  const question: Question = { reference: asked.reference, current: asked.current };
  const { inputs, parameters } = grammarOf(metric);
  const allowed = isDriftMetric(metric) && metric !== "missing_rate" ? [...parameters, "preset" as const] : parameters;
  const given = readParameters(asked.params ?? {}, allowed, issues);
  issues.throwIfAny();
  const input = given.input ?? defaultInput(metric, question);
  if (input && !inputs.includes(input))
    issues.add(["params", "input"], `cannot be ${input} for ${metric}`, `one of ${inputs.join(", ")}`, input);
  if (given.edges && given.binning)
    issues.add(["params", "edges"], "and binning exclude each other", "one of the two", given.edges);
  for (const name of ["edges", "binning"] as const)
    if (given[name] !== undefined && input !== "values")
      issues.add(
        ["params", name],
        `has no effect on ${input}, which are in buckets already`,
        "input: values",
        given[name],
      );
  issues.throwIfAny();
  if (isProfileMetric(metric)) return toJson(await previewProfile(metric, question, profileValues, issues)) as Answer;
  const answer = isDriftMetric(metric)
    ? previewMetric(metric, { ...given, input }, question, issues)
    : OTHER[metric](question, input, issues);
  return toJson(answer) as Answer;
}

function metricNamed(name: string, issues: Issues): PreviewMetric {
  const alias = Object.hasOwn(METRIC_ALIASES, name) ? METRIC_ALIASES[name] : undefined;
  const known = alias ?? PREVIEW_METRIC_NAMES.find((metric) => metric === name);
  if (known) return known;
  issues.addUnknown(["metric"], name, PREVIEW_METRIC_NAMES);
  issues.throwIfAny();
  throw new Error("unreachable");
}

function defaultInput(metric: PreviewMetric, question: Question): PreviewParameters["input"] {
  const { inputs } = grammarOf(metric);
  if (inputs.length === 1) return inputs[0];
  if (inputs.includes("values")) return inputOf(question, {});
  return isMap(question.reference) || isMap(question.current) ? "map" : "counts";
}

/** A metric of monitors. */
function previewMetric(metric: DriftMetric, given: PreviewParameters, question: Question, issues: Issues): Answer {
  const { binning, options } = wayOf(metric, given, issues);
  const sides = readSides(
    question,
    { input: given.input, edges: given.edges, binning, order: orderOf(metric) },
    issues,
  );
  const why = whyEmpty(metric, sides);
  if (why !== null) return insufficient(why);
  const counted = given.input !== "weights" && hasWholeCounts(sides);
  if ((metric === "chi_square" || metric === "ks" || metric === "natural") && !counted)
    return insufficient("weights do not tell how many rows there are, and the test depends on it");
  const measure = measureDrift({ metric, reference: sides.reference, current: sides.current, minRows: 0, options });
  const [n, m] = measure.values;
  if (options.pValue === "exact" && n * m > MOST_EXACT_STEPS) {
    const expected = `at most ${MOST_EXACT_STEPS} pairs of values; use auto or kolmogorov_limit`;
    issues.add(["params", "p_value"], "cannot be exact for samples of this size", expected, `${n} × ${m}`);
    issues.throwIfAny();
  }
  if (measure.score === null) return insufficient(whyNoScore(measure));
  const reason = reasonOf(measure, sides);
  return {
    value: measure.score,
    figure: measure.figure,
    status: counted && Math.min(...measure.rows) < LEAST_ROWS ? "ok_low_sample" : "ok",
    ...(reason !== null && { reason }),
    ...(counted && { n_ref: n, n_cur: m }),
    ...sides.shown,
    ...shownBuckets(measure.figure, sides),
    ...membersOf(measure, sides),
  };
}

function orderOf(metric: DriftMetric): Order {
  if (metric === "ks") return "rank";
  return metric === "normed_wasserstein" || hasUnit(metric) ? "distance" : null;
}

function hasWholeCounts({ reference, current }: ComparedSides): boolean {
  return [reference, current].every(({ histogram }) => histogram.counts.every(Number.isInteger));
}

/** Why a population cannot be compared, or null when it can. Two that have rows and no values are the same. */
function whyEmpty(metric: DriftMetric, { reference, current }: ComparedSides): string | null {
  const found = { reference: countMissing(reference.histogram), current: countMissing(current.histogram) };
  const names: Population[] = ["reference", "current"];
  if (metric === "missing_rate") {
    const empty = names.find((name) => found[name].rows === 0);
    return empty ? `${empty} has no rows` : null;
  }
  const without = names.filter((name) => found[name].rows === found[name].missing);
  if (without.length === 2 && names.every((name) => found[name].rows > 0)) return null;
  return without[0] ? `${without[0]} has no non-missing values` : null;
}

function whyNoScore({ figure, lack }: DriftMeasure): string {
  return lack === "order"
    ? `${DRIFT_FIGURES[figure].name} needs finite numbers in order, and these values have none`
    : "there is nothing to compare";
}

/** What a score that is not an ordinary one comes from. */
function reasonOf({ figure, score, test }: DriftMeasure, { reference }: ComparedSides): string | null {
  if (test?.statistic === Infinity) return "expected count 0 with observed>0";
  if (score === Infinity) return "a bucket is empty on one side only; set empty_bin to fill it";
  if (figure === "normed_wasserstein" && (reference.stats?.populationStd ?? 0) < LEAST_STD)
    return "constant reference: the distance is divided by 0.001, so read the raw one in wasserstein";
  return null;
}

/** Rows by bucket as they were compared; what lies outside the edges is apart, and told where there is any. */
function shownBuckets(figure: DriftFigure, { buckets, reference, current }: ComparedSides): Answer {
  if (buckets === null || orderOf(figure as DriftMetric) !== null || figure === "ks_p" || figure === "missing_rate")
    return {};
  const [one = [], other = []] = [reference, current].map(({ histogram }) => comparedCounts(figure, histogram));
  if ("labels" in buckets) {
    const hasUnseen = (one.at(-1) ?? 0) > 0 || (other.at(-1) ?? 0) > 0;
    const to = hasUnseen ? one.length : one.length - 1;
    return {
      labels: [...buckets.labels, "unseen values"].slice(0, to),
      ref_counts: one.slice(0, to),
      cur_counts: other.slice(0, to),
    };
  }
  const outside = [one, other].map((counts) => [counts[0] ?? 0, counts.at(-1) ?? 0]);
  return {
    edges: [...buckets.edges],
    ref_counts: one.slice(1, -1),
    cur_counts: other.slice(1, -1),
    ...(outside.flat().some((rows) => rows > 0) && {
      ref_outside: outside[0] ?? [],
      cur_outside: outside[1] ?? [],
    }),
  };
}

/** What the figure has besides its value. */
function membersOf(measure: DriftMeasure, sides: ComparedSides): Answer {
  const { figure, test } = measure;
  switch (figure) {
    case "l_infinity":
      return greatestOf(sides);
    case "normed_wasserstein":
      return { ref_std_pop: sides.reference.stats?.populationStd ?? null };
    case "missing_rate":
      return { ref_missing_ratio: measure.missing[0], cur_missing_ratio: measure.missing[1] };
    case "chi_square":
    case "chi_square_p":
      return test ? { statistic: test.statistic, df: test.df ?? null, p_value: test.pValue } : {};
    case "ks":
    case "ks_p":
      return test ? { statistic: test.statistic, p_value: test.pValue, ...fractionOf(test, measure.values) } : {};
    default:
      return {};
  }
}

/** Where the greatest difference is: a bucket, or what lies outside the edges. */
function greatestOf({ reference, current, buckets }: ComparedSides): Answer {
  const [one = [], other = []] = [reference, current].map(({ histogram }) =>
    toShares(comparedCounts("l_infinity", histogram)),
  );
  const { bucket } = lInfinity(one, other);
  if (buckets === null || "labels" in buckets) {
    const label = buckets && [...buckets.labels, "unseen values"][bucket];
    return { argmax_index: bucket, ...(label && { argmax_label: label }) };
  }
  if (bucket === 0) return { argmax_label: "below the edges" };
  return bucket === one.length - 1 ? { argmax_label: "above the edges" } : { argmax_index: bucket - 1 };
}

function fractionOf({ statistic, pValue }: { statistic: number; pValue: number }, [n, m]: [number, number]): Answer {
  if (n + m > FRACTION_VALUES || !Number.isInteger(n) || !Number.isInteger(m)) return {};
  const fraction = exactTailFraction({ statistic, scaled: Math.round(statistic * n * m), n, m });
  const [top = 0, bottom = 1] = fraction.split("/").map(Number);
  // Kolmogorov's limit is no fraction of arrangements.
  return Math.abs(top / bottom - pValue) < 1e-9 ? { p_value_fraction: fraction } : {};
}

type Other = (question: Question, input: PreviewParameters["input"], issues: Issues) => Answer;

const OTHER: Record<Exclude<OtherMetric, `profile_${string}`>, Other> = {
  facets_distribution_distance(question, input, issues) {
    const { reference, current } = input === "map" ? readMaps(question, issues) : readCounts(question, issues);
    issues.throwIfAny();
    return { value: facetsDistance(reference, current) };
  },
  facets_non_uniformity({ reference, current }, _, issues) {
    const counts = readCountsOf(reference, "reference", issues);
    assertOneSided(current, issues);
    issues.throwIfAny();
    const value = normalisedEntropy(counts);
    return value === null ? insufficient("reference has no rows") : { value };
  },
  z_test_proportions(question, input, issues) {
    const { reference, current } = input === "map" ? readMaps(question, issues) : readCounts(question, issues);
    if (reference.length > 2)
      issues.add(
        ["reference"],
        `has ${reference.length} categories`,
        "counts of two categories, the one that is meant first",
      );
    issues.throwIfAny();
    const rows = [reference, current].map((counts) => counts.reduce((sum, count) => sum + count, 0));
    const empty = (["reference", "current"] as const)[rows.indexOf(0)];
    if (empty) return insufficient(`${empty} has no rows`);
    const two = ([one = 0, other = 0]: readonly number[]) => [one, other] as const;
    const { z, pValue } = zTest(two(reference), two(current));
    return { z, p_value: pValue, status: Math.min(...rows) < LEAST_ROWS ? "ok_low_sample" : "ok" };
  },
};

/** A profile has no current population. */
function assertOneSided(current: unknown, issues: Issues): void {
  if (current !== null && current !== undefined)
    issues.add(["current"], "is not used: this metric has one population", "null, or nothing");
}
