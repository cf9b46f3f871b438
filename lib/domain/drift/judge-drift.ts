import { DRIFT_FIGURES, type DriftFigure, type DriftThresholds, hasUnit, isProbability } from "./drift-metrics";
import type { DriftJudgement, DriftQuestion, DriftState, DriftVerdict, Judged } from "./drift-verdict";
import { explainDrift } from "./explain-drift";
import { type DriftMeasure, measureDrift } from "./measure-drift";

/** Whether the current window has drifted from the reference. Throws `invalid` when the two were counted by different buckets. */
export function judgeDrift(question: DriftQuestion): DriftVerdict {
  return judgeMeasure(question, measureDrift(question));
}

/** The verdict on what was measured; `corrected` is p after correction for being one of many. */
export function judgeMeasure(question: DriftQuestion, measure: DriftMeasure, corrected?: number): DriftVerdict {
  const judgement = judgeFigures(question, measure, corrected);
  return { ...judgement, explanation: explainDrift(question, measure, judgement) };
}

/** The same without its sentence. */
function judgeFigures(
  question: Pick<DriftQuestion, "warn" | "critical">,
  measure: DriftMeasure,
  corrected?: number,
): DriftJudgement {
  const { figure, rows, test } = measure;
  const score = scoreOf(measure, corrected);
  const distribution = judgeDistribution(question, measure, score);
  const difference = missingDifference(measure);
  const missing = {
    ...judgeMissing(question, measure),
    reference: measure.missing[0],
    current: measure.missing[1],
    difference,
  };
  const because = worse(distribution, missing);
  // A few values among many rows tell nothing of the distribution, and are no reason to be called fine.
  const judged = because === "missing" ? missing : distribution;
  return {
    figure,
    score,
    state: judged.state,
    severity: judged.severity,
    warn: distribution.warn,
    critical: distribution.critical,
    test: test && { statistic: test.statistic, pValue: test.pValue, corrected: score ?? test.pValue },
    distribution,
    missing,
    because,
    rows,
  };
}

/** The state and severity of what was measured, all that a map of ten thousand features is coloured and ranked by. */
export function stateOf(
  thresholds: Pick<DriftQuestion, "warn" | "critical">,
  measure: DriftMeasure,
  corrected?: number,
): Judged {
  const distribution = judgeDistribution(thresholds, measure, scoreOf(measure, corrected));
  const missing = judgeMissing(thresholds, measure);
  return worse(distribution, missing) === "missing" ? missing : distribution;
}

function scoreOf({ figure, score }: DriftMeasure, corrected: number | undefined): number | null {
  return isProbability(figure) && score !== null ? (corrected ?? score) : score;
}

function judgeDistribution(
  thresholds: Pick<DriftQuestion, "warn" | "critical">,
  { figure, scale }: DriftMeasure,
  score: number | null,
): Judged {
  return judgeScore(figure, score, thresholdsFor(figure, thresholds, scale));
}

function judgeMissing(thresholds: Pick<DriftQuestion, "warn" | "critical">, measure: DriftMeasure): Judged {
  const difference = measure.lack === "rows" ? null : missingDifference(measure);
  const own = measure.figure === "missing_rate" ? thresholds : {};
  return judgeScore("missing_rate", difference, thresholdsFor("missing_rate", own));
}

function missingDifference({ missing: [reference, current] }: DriftMeasure): number {
  return Math.abs(current - reference);
}

/** The state and severity of a score. */
function judgeScore(figure: DriftFigure, score: number | null, { warn, critical }: DriftThresholds): Judged {
  if (score === null) return { state: "insufficient_data", severity: null, warn, critical };
  if (isProbability(figure)) {
    const state = score <= critical ? "critical" : score <= warn ? "warn" : "fine";
    return { state, severity: warn / Math.max(score, LEAST_P), warn, critical };
  }
  const state = reaches(score, critical) ? "critical" : reaches(score, warn) ? "warn" : "fine";
  return { state, severity: warn > 0 ? score / warn : null, warn, critical };
}

/**
 * What is judged by: what was asked for, else the figure's own; p-values always by their own levels.
 * @param scale one standard deviation of the reference, for figures with a unit (`DriftMeasure.scale`)
 */
export function thresholdsFor(
  figure: DriftFigure,
  { warn, critical }: { warn?: number | undefined; critical?: number | undefined },
  scale = 1,
): DriftThresholds {
  const own = DRIFT_FIGURES[figure];
  if (isProbability(figure)) return { warn: own.warn, critical: own.critical };
  if (hasUnit(figure) && warn !== undefined) return { warn, critical: critical ?? criticalOf(warn, own) };
  return { warn: warn ?? own.warn * scale, critical: critical ?? Math.max(own.critical * scale, warn ?? 0) };
}

/** A threshold in a unit of its own tells nothing of the other one but by the ratio that they have. */
function criticalOf(warn: number, own: DriftThresholds): number {
  return (warn * own.critical) / own.warn;
}

/** Smaller probabilities are all the same surprise. */
const LEAST_P = 1e-4;

const RANK: Record<DriftState, number> = { insufficient_data: 0, fine: 0, warn: 1, critical: 2 };

/** What the verdict is because of: what is worse, by state and then by severity; null when nothing alarms. */
function worse(distribution: Judged, missing: Judged): "distribution" | "missing" | null {
  const [one, other] = [RANK[distribution.state], RANK[missing.state]];
  if (one === 0 && other === 0) return null;
  if (one !== other) return one > other ? "distribution" : "missing";
  return (distribution.severity ?? 0) >= (missing.severity ?? 0) ? "distribution" : "missing";
}

/** A tenth of the rows that moved is a score of 0.1, though the last digit of 1 − 0.9 says a little less. */
function reaches(score: number, threshold: number): boolean {
  return score >= threshold - 1e-12;
}
