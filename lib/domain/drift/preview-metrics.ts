import { DRIFT_METRICS, type DriftMetric } from "../definitions/drift-metric";
import type { PreviewParameters } from "./preview-parameters";

type ParameterName = keyof PreviewParameters;
type Input = NonNullable<PreviewParameters["input"]>;

/** What the preview computes besides the metrics of monitors. */
export const OTHER_METRICS = {
  facets_distribution_distance: "Facets' distribution distance",
  facets_non_uniformity: "normalised entropy of counts",
  z_test_proportions: "z test of a proportion",
  profile_numeric: "profile of numbers",
  profile_int64: "profile of 64-bit integers",
  profile_string: "profile of texts",
  profile_list: "profile of lists",
} as const;

export type OtherMetric = keyof typeof OTHER_METRICS;
export type PreviewMetric = DriftMetric | OtherMetric;

export const PREVIEW_METRIC_NAMES = [...Object.keys(DRIFT_METRICS), ...Object.keys(OTHER_METRICS)] as PreviewMetric[];

/** Other names of the same metrics. */
export const METRIC_ALIASES: Readonly<Record<string, PreviewMetric>> = {
  kolmogorov_smirnov: "ks",
  wasserstein_normed: "normed_wasserstein",
  normalized_abs_difference: "count_difference",
  js_divergence_histogram: "js_divergence",
};

/** What a metric takes; `preset` is taken by every metric of monitors. */
export interface MetricGrammar {
  inputs: readonly Input[];
  parameters: readonly ParameterName[];
}

const COUNTED: readonly Input[] = ["counts", "weights", "map", "values", "buckets"];
const BINS: readonly ParameterName[] = ["input", "binning", "edges"];
const EMPTY: readonly ParameterName[] = ["log", "empty_bin", "epsilon", "renormalise"];
const OF_VALUES: MetricGrammar = { inputs: ["values"], parameters: BINS };
const OF_COUNTS: MetricGrammar = { inputs: COUNTED, parameters: BINS };

const GRAMMAR: Readonly<Record<PreviewMetric, MetricGrammar>> = {
  natural: { inputs: ["counts", "map", "values"], parameters: BINS },
  psi: { inputs: COUNTED, parameters: [...BINS, ...EMPTY] },
  kl_divergence: { inputs: COUNTED, parameters: [...BINS, ...EMPTY, "direction"] },
  js_divergence: { inputs: COUNTED, parameters: [...BINS, ...EMPTY] },
  js_distance: { inputs: COUNTED, parameters: [...BINS, ...EMPTY] },
  hellinger: OF_COUNTS,
  total_variation: OF_COUNTS,
  l_infinity: OF_COUNTS,
  count_difference: OF_COUNTS,
  chi_square: { inputs: COUNTED, parameters: [...BINS, "variant", "yates"] },
  ks: { inputs: ["values", "counts"], parameters: [...BINS, "p_value"] },
  normed_wasserstein: OF_VALUES,
  wasserstein: OF_VALUES,
  energy_distance: OF_VALUES,
  missing_rate: { inputs: ["values"], parameters: ["input"] },
  facets_distribution_distance: { inputs: ["counts", "map"], parameters: ["input"] },
  facets_non_uniformity: { inputs: ["counts"], parameters: ["input"] },
  z_test_proportions: { inputs: ["counts", "map"], parameters: ["input"] },
  profile_numeric: { inputs: ["values"], parameters: ["input"] },
  profile_int64: { inputs: ["values"], parameters: ["input"] },
  profile_string: { inputs: ["values"], parameters: ["input"] },
  profile_list: { inputs: ["values"], parameters: ["input"] },
};

export function grammarOf(metric: PreviewMetric): MetricGrammar {
  return GRAMMAR[metric];
}

export function isDriftMetric(metric: PreviewMetric): metric is DriftMetric {
  return Object.hasOwn(DRIFT_METRICS, metric);
}
