import { DRIFT_FIGURES, type DriftFigure, isProbability } from "./drift-metrics";
import { probability } from "./explain-drift";

const figure = (name: string) => DRIFT_FIGURES[name as DriftFigure] as (typeof DRIFT_FIGURES)[DriftFigure] | undefined;

/** A figure as people call it. */
export const figureName = (name: string) => figure(name)?.name ?? name;

const short = (score: number) => (score !== 0 && score < 0.001 ? "<0.001" : score.toFixed(score >= 100 ? 0 : 3));

/** "PSI 0.310", "Chi-square p 0.0012". */
export function describeScore(metric: string | null, score: number | null): string {
  if (metric === null || score === null) return "not computed";
  return `${figureName(metric)} ${isProbability(metric as DriftFigure) ? probability(score) : short(score)}`;
}

/** "missing 2.9 % → 0.0 %"; nothing where nothing is missing. */
export function describeMissing(missing: readonly [number, number] | null): string | null {
  if (!missing || (missing[0] === 0 && missing[1] === 0)) return null;
  const share = (value: number) => `${(value * 100).toFixed(1)} %`;
  return `missing ${share(missing[0])} → ${share(missing[1])}`;
}
