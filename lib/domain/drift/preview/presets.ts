import type { Parameters } from "./parameters";

/**
 * Parameters that reproduce the numbers of other tools, by metric. What a tool has no metric for keeps our defaults.
 * - Evidently (legacy/calculations/stattests): Sturges' edges over both sides for numbers with more than twenty different
 *   values in the reference, otherwise by value; zeros replaced for PSI and KL; natural logarithms; SciPy's choice of p.
 * - TFDV (anomalies/metrics.cc): base 2, standard histograms of ten buckets, aligned.
 * - NannyML (drift/univariate/methods.py): base 2, Doane's edges of the reference unless it has few values, what lies
 *   outside in a bucket of its own.
 * - Hopsworks (feature monitoring): smoothing_epsilon 1e-6 added to every share.
 */
const PRESETS: Record<string, Record<string, Parameters>> = {
  evidently: {
    psi: { binning: "evidently", empty_bin: "evidently" },
    kl_divergence: { binning: "evidently", empty_bin: "evidently", direction: "KL(reference||current)", log: "ln" },
    js_distance: { binning: "evidently", log: "ln" },
    js_divergence: { binning: "evidently", log: "ln" },
    hellinger: { binning: "evidently_distinct" },
    total_variation: { binning: "by_value" },
    chi_square: { variant: "goodness_of_fit", binning: "by_value" },
    kolmogorov_smirnov: { p_value: "auto" },
  },
  tfdv: {
    js_divergence: { log: "log2", binning: "tfdv" },
    js_divergence_histogram: { log: "log2" },
    l_infinity: { binning: "by_value" },
    normalized_abs_difference: { binning: "by_value" },
  },
  nannyml: {
    js_distance: { binning: "nannyml", log: "log2" },
    hellinger: { binning: "nannyml" },
    l_infinity: { binning: "by_value" },
    chi_square: { variant: "contingency", binning: "by_value" },
    kolmogorov_smirnov: { p_value: "auto" },
  },
  hopsworks: {
    psi: { empty_bin: "add 1e-6 then renormalise", binning: "deciles" },
    kl_divergence: { empty_bin: "add 1e-6 then renormalise", binning: "deciles" },
  },
};

export const PRESET_NAMES = Object.keys(PRESETS);

export function presetOf(preset: unknown, metric: string): Parameters {
  return (typeof preset === "string" && Object.hasOwn(PRESETS, preset) && PRESETS[preset]?.[metric]) || {};
}
