import type { DriftMetric } from "../definitions/drift-metric";

/** What a score can be: a distance, a size of effect, or a probability, with the thresholds it has when nobody says others. */
export const DRIFT_FIGURES = {
  psi: { name: "PSI", warn: 0.1, critical: 0.25 },
  js_distance: { name: "Jensen–Shannon distance", warn: 0.1, critical: 0.2 },
  // The square of the distance, and so are its thresholds.
  js_divergence: { name: "Jensen–Shannon divergence", warn: 0.01, critical: 0.04 },
  kl_divergence: { name: "Kullback–Leibler divergence", warn: 0.1, critical: 0.25 },
  normed_wasserstein: { name: "Normed Wasserstein distance", warn: 0.1, critical: 0.3 },
  // In standard deviations of the reference (`scaleOf`), as the distance has the feature's unit.
  wasserstein: { name: "Wasserstein distance", warn: 0.1, critical: 0.3 },
  energy_distance: { name: "Energy distance", warn: 0.1, critical: 0.3 },
  ks: { name: "Kolmogorov–Smirnov statistic", warn: 0.1, critical: 0.2 },
  ks_p: { name: "Kolmogorov–Smirnov p", warn: 0.05, critical: 0.01 },
  // Cohen (1988) calls 0.1 a small effect and 0.3 a medium one.
  chi_square: { name: "Cramér's V", warn: 0.1, critical: 0.3 },
  chi_square_p: { name: "Chi-square p", warn: 0.05, critical: 0.01 },
  l_infinity: { name: "L-infinity distance", warn: 0.1, critical: 0.2 },
  hellinger: { name: "Hellinger distance", warn: 0.1, critical: 0.2 },
  total_variation: { name: "Total variation", warn: 0.1, critical: 0.2 },
  count_difference: { name: "Normalised difference of counts", warn: 0.1, critical: 0.2 },
  missing_rate: { name: "Missing-rate difference", warn: 0.05, critical: 0.2 },
} as const;

export type DriftFigure = keyof typeof DRIFT_FIGURES;

export interface DriftThresholds {
  warn: number;
  critical: number;
}

/** Rows from which on a p-value says how many rows there are rather than how far apart they are. */
const P_VALUES_BELOW = 1000;

/** The figure that is judged, with `smaller` values on the side that has fewer. */
export function figureOf(metric: DriftMetric, kind: "numeric" | "categorical", smaller: number): DriftFigure {
  const isSmall = smaller < P_VALUES_BELOW;
  switch (metric) {
    case "natural":
      if (kind === "numeric") return isSmall ? "ks_p" : "psi";
      return isSmall ? "chi_square_p" : "js_distance";
    case "ks":
      return isSmall ? "ks_p" : "ks";
    case "chi_square":
      return isSmall ? "chi_square_p" : "chi_square";
    default:
      return metric;
  }
}

/** Whether a metric asks for more of a profile than its counts: the mean, the spread and equal-width buckets. */
export const needsFigures = (metric: DriftMetric): boolean => metric === "normed_wasserstein" || hasUnit(metric);

/** Whether a figure is in the feature's unit (or its square root), so that its own thresholds are in standard deviations of the reference. */
export function hasUnit(figure: DriftMetric | DriftFigure): figure is "wasserstein" | "energy_distance" {
  return figure === "wasserstein" || figure === "energy_distance";
}

/** A small probability is the alarm, where of every other figure a great number is. */
export function isProbability(figure: DriftFigure): figure is "ks_p" | "chi_square_p" {
  return figure === "ks_p" || figure === "chi_square_p";
}

/**
 * The thresholds that a metric has when nobody says others; null where they depend on what is compared: for `natural`, whose
 * figures have each their own, and for distances in the feature's unit.
 */
export function defaultThresholds(metric: DriftMetric): DriftThresholds | null {
  if (metric === "natural" || hasUnit(metric)) return null;
  const { warn, critical } = DRIFT_FIGURES[metric];
  return { warn, critical };
}
