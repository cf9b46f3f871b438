/** What can be asked for; `natural` and the two tests choose the figure by type and size. */
export const DRIFT_METRICS = {
  natural: { name: "automatic" },
  psi: { name: "PSI" },
  js_distance: { name: "Jensen–Shannon distance" },
  js_divergence: { name: "Jensen–Shannon divergence" },
  kl_divergence: { name: "Kullback–Leibler" },
  normed_wasserstein: { name: "Normed Wasserstein" },
  wasserstein: { name: "Wasserstein" },
  energy_distance: { name: "Energy distance" },
  ks: { name: "Kolmogorov–Smirnov" },
  chi_square: { name: "Chi-square" },
  l_infinity: { name: "L-infinity" },
  hellinger: { name: "Hellinger" },
  total_variation: { name: "Total variation" },
  count_difference: { name: "Difference of counts" },
  missing_rate: { name: "Missing rate" },
} as const;

export type DriftMetric = keyof typeof DRIFT_METRICS;
export const DRIFT_METRIC_NAMES = Object.keys(DRIFT_METRICS) as [DriftMetric, ...DriftMetric[]];
