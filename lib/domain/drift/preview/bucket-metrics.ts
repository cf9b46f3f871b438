import { facetsDistance, normalizedAbsDifference } from "../../statistics/count-distances";
import { contingency, goodnessOfFit, type ChiSquare } from "../../statistics/chi-square";
import type { EmptyBuckets } from "../../statistics/empty-buckets";
import * as between from "../../statistics/share-distances";
import { zTest, type TwoCounts } from "../../statistics/z-test";
import { insufficient, statusOf, type Answer } from "./answer";
import { readCounts } from "./counts";
import type { Issues } from "./issues";
import type { Metric } from "./metric";
import type { ParsedParameters } from "./parameters";
import { readBuckets, type Compared } from "./read-buckets";
import { EVIDENTLY_FILL, psi, sharesOf, type Fill } from "./shares";

const BUCKETS = ["input", "binning", "edges"];

/** Compares buckets, from counts, weights, maps or values. */
function bucketMetric(
  definition: Omit<Metric, "answer">,
  score: (compared: Compared, parameters: ParsedParameters, issues: Issues) => Answer,
  empty: Answer = {},
): Metric {
  return {
    ...definition,
    answer(question, parameters, issues) {
      const compared = readBuckets(question, parameters, issues);
      if (typeof compared === "string") return insufficient(compared, empty);
      const status = compared.rows ? statusOf(compared.rows) : "ok";
      return { status, ...compared.shown, ...siblings(compared), ...score(compared, parameters, issues) };
    },
  };
}

export const BUCKET_METRICS: Record<string, Metric> = {
  psi: bucketMetric(
    {
      about: "population stability index",
      parameters: [...BUCKETS, "log", "empty_bin", "epsilon"],
      defaults: { log: "ln" },
    },
    (compared, parameters) => ({ value: psiOf(compared, parameters) }),
  ),
  kl_divergence: bucketMetric(
    {
      about: "Kullback–Leibler divergence",
      parameters: [...BUCKETS, "log", "direction", "empty_bin", "epsilon"],
      defaults: { log: "ln", direction: "KL(reference||current)" },
    },
    klOf,
  ),
  js_divergence: bucketMetric(
    {
      about: "Jensen–Shannon divergence",
      parameters: [...BUCKETS, "log", "empty_bin", "epsilon"],
      defaults: { log: "log2" },
    },
    (compared, parameters) => ({ value: jsOf(compared, parameters) }),
  ),
  js_distance: bucketMetric(
    {
      about: "Jensen–Shannon distance",
      parameters: [...BUCKETS, "log", "empty_bin", "epsilon"],
      defaults: { log: "log2" },
    },
    (compared, parameters) => ({ value: Math.sqrt(jsOf(compared, parameters)) }),
  ),
  hellinger: bucketMetric({ about: "Hellinger distance", parameters: BUCKETS }, (compared) => {
    const { p, q } = sharesOf(compared);
    return { value: between.hellinger(p, q) };
  }),
  total_variation: bucketMetric({ about: "total variation", parameters: BUCKETS }, (compared) => {
    const { p, q } = sharesOf(compared);
    return { value: between.totalVariation(p, q) };
  }),
  l_infinity: bucketMetric({ about: "L-infinity distance", parameters: BUCKETS }, (compared) => {
    const { p, q } = sharesOf(compared);
    const { value, bucket } = between.lInfinity(p, q);
    const label = compared.labels?.[bucket];
    return { value, argmax_index: bucket, ...(label !== undefined && { argmax_label: label }) };
  }),
  normalized_abs_difference: bucketMetric(
    { about: "greatest difference of counts over all rows", parameters: [...BUCKETS, "scale"] },
    ({ reference, current }) => ({ value: normalizedAbsDifference(reference, current) }),
  ),
  chi_square: bucketMetric(
    {
      about: "chi-square test",
      parameters: [...BUCKETS, "variant", "yates"],
      inputs: ["counts", "map", "values"],
      defaults: { binning: "by_value" },
    },
    chiSquareOf,
    { statistic: null, df: null, p_value: null },
  ),
  categorical_drift: bucketMetric(
    { about: "every metric of categories", parameters: BUCKETS, defaults: { binning: "by_value" } },
    (compared) => {
      const { statistic, df, pValue } = contingencyOf(compared, undefined);
      return { psi_evidently_fill: psi(compared, EVIDENTLY_FILL), chi2_contingency: statistic, df, p_value: pValue };
    },
  ),
  z_test_proportions: {
    about: "z test of a proportion",
    parameters: ["input"],
    inputs: ["counts", "map"],
    answer(question, parameters, issues) {
      const compared = readBuckets(question, parameters, issues, { input: "counts" });
      if (typeof compared === "string") return insufficient(compared, { z: null, p_value: null });
      const { reference, current, rows } = compared;
      if (reference.length > 2) {
        issues.add(
          ["reference"],
          `has ${reference.length} categories`,
          "counts of two categories, the one that is meant first",
        );
      }
      issues.throwIfAny();
      const { z, pValue } = zTest(twoOf(reference), twoOf(current));
      return { value: z, z, p_value: pValue, status: rows ? statusOf(rows) : "ok" };
    },
  },
  facets_distribution_distance: {
    about: "Facets' distribution distance",
    parameters: ["input"],
    inputs: ["counts", "map"],
    answer(question, parameters, issues) {
      const isMap = parameters.text("input") === "map" || !Array.isArray(question.reference);
      if (isMap) {
        const compared = readBuckets(question, parameters, issues, { input: "counts" });
        if (typeof compared !== "string") return { value: facetsDistance(compared.reference, compared.current) };
        return insufficient(compared, { value: Infinity });
      }
      const { reference, current } = readCounts(question, issues);
      issues.throwIfAny();
      return { value: facetsDistance(reference, current) };
    },
  },
};

/** How empty buckets are to be filled; null for not at all. */
function fillOf(parameters: ParsedParameters, usual: EmptyBuckets | "none"): Fill | null {
  const fill = parameters.text("empty_bin") ?? usual;
  return fill === "none" ? null : { emptyBuckets: fill as EmptyBuckets, epsilon: parameters.epsilon };
}

function psiOf(compared: Compared, parameters: ParsedParameters): number {
  const nats = psi(compared, fillOf(parameters, "add"), parameters.renormalise);
  return parameters.text("log") === "log2" ? nats / Math.LN2 : nats;
}

/** Filled shares are always normalised again: SciPy's `entropy` does, and a divergence is between distributions. */
function klOf(compared: Compared, parameters: ParsedParameters): Answer {
  const { p, q } = sharesOf(compared, fillOf(parameters, "none"), true);
  const [from, to] = parameters.text("direction") === "KL(current||reference)" ? [q, p] : [p, q];
  const value = between.klDivergence(from, to, logOf(parameters));
  return {
    value,
    ...(value === Infinity && { reason: "a bucket is empty on one side only; set empty_bin to fill it" }),
  };
}

function jsOf(compared: Compared, parameters: ParsedParameters): number {
  const { p, q } = sharesOf(compared, fillOf(parameters, "none"), true);
  return between.jsDivergence(p, q, logOf(parameters));
}

function logOf(parameters: ParsedParameters): between.Logarithm {
  return parameters.text("log") === "ln" ? "ln" : "log2";
}

function chiSquareOf(compared: Compared, parameters: ParsedParameters, issues: Issues): Answer {
  if (!compared.rows) return insufficient("weights do not tell how many rows there are, and the test depends on it");
  if ((parameters.text("variant") ?? "goodness_of_fit") === "goodness_of_fit") {
    const test = goodnessOfFit(compared.reference, compared.current);
    const isImpossible = test.statistic === Infinity;
    return { ...shown(test), ...(isImpossible && { reason: "expected count 0 with observed>0" }) };
  }
  const categories = compared.reference.length;
  if (parameters.text("variant") === "contingency_2x2" && categories !== 2) {
    issues.add(["params", "variant"], `needs two categories, and there are ${categories}`, "contingency");
    issues.throwIfAny();
  }
  const plain = contingency(compared.reference, compared.current, { yates: false });
  return {
    ...shown(contingencyOf(compared, parameters.yates)),
    statistic_no_yates: plain.statistic,
    p_value_no_yates: plain.pValue,
  };
}

/** With Yates' correction where there is one degree of freedom, unless it is asked for or refused, as SciPy does. */
function contingencyOf({ reference, current }: Compared, yates: boolean | undefined): ChiSquare {
  const plain = contingency(reference, current, { yates: false });
  return (yates ?? true) && plain.df === 1 ? contingency(reference, current, { yates: true }) : plain;
}

function shown({ statistic, df, pValue }: ChiSquare): Answer {
  return { value: statistic, statistic, df, p_value: pValue };
}

function twoOf([one = 0, other = 0]: readonly number[]): TwoCounts {
  return [one, other];
}

/** The distances that need no parameter, beside the one asked for. */
function siblings(compared: Compared): Answer {
  const { p, q } = sharesOf(compared);
  const bits = between.jsDivergence(p, q, "log2");
  return {
    js_divergence_bits: bits,
    js_distance_bits: Math.sqrt(bits),
    js_distance_nats: Math.sqrt(between.jsDivergence(p, q, "ln")),
    hellinger: between.hellinger(p, q),
    l_infinity: between.lInfinity(p, q).value,
    total_variation: between.totalVariation(p, q),
  };
}
