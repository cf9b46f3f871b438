import { differenceOf } from "../statistics/difference";
import { type MeasuredFigure, intervalOf } from "../statistics/interval-of";
import { type Interval } from "../statistics/wilson";
import { METRIC_FACTS } from "../definitions/outcome-metrics";
import type { DriftState } from "../drift/drift-verdict";
import {
  CONCEPT_METRICS,
  type ConceptMetric,
  type ConceptMonitorDefinition,
  conceptThresholds,
} from "../definitions/concept-monitor";
import type { WindowVerdict } from "./evaluate-monitor";

/** Figures of predictions that are joined with their outcomes. */
export interface JoinedFigures {
  /** Rows with a prediction and an outcome. */
  n: number;
  missingPredictions: number;
  missingLabels: number;
  /** Of the monitor's metric; null when the rows tell none: no rows, or for the AUC one class only. */
  figure: Omit<MeasuredFigure, "n"> | null;
  /** Rows whose outcome is a yes; null for numbers. */
  positives: number | null;
}

export interface JoinedWindow extends JoinedFigures {
  /** ISO, `[from, to)`. */
  from: string;
  to: string;
}

export interface EvaluationPeriod extends JoinedFigures {
  /** What it is, in words, such as "the test part of version 3". */
  words: string;
}

/** A metric with its interval at 95 %. */
export interface Band {
  value: number;
  /** Null when the rows tell no interval. */
  lower: number | null;
  upper: number | null;
}

export interface ConceptDetails {
  metric: ConceptMetric;
  value: number | null;
  lower: number | null;
  upper: number | null;
  evaluation: (Band & { n: number; words: string }) | null;
  n: number;
  missingPredictions: number;
  missingLabels: number;
  positives: number | null;
  /** That the window is worse than the evaluation period; null when it cannot be told. */
  p: number | null;
}

export interface ConceptVerdict extends WindowVerdict {
  details: ConceptDetails;
}

const ALPHA = 0.05;
const MIN_ROWS = 30;
/** A p-value below this is zero as far as numbers go; severity stays finite. */
const LEAST_P = 1e-300;

/**
 * Judges each window against the evaluation period. A window is worse when its metric is on the bad side of the evaluation's by
 * more than chance: one-sided, Welch's test of the means, Newcombe's interval for a share, DeLong's variances for the AUC.
 * Severity is warn ÷ p. A window with fewer than the wanted rows, or without the figure, is `insufficient_data`.
 */
export function judgeConcept(
  monitor: ConceptMonitorDefinition,
  subject: { feature: string; versionId: string },
  evaluation: EvaluationPeriod | null,
  windows: readonly JoinedWindow[],
): ConceptVerdict[] {
  return windows.map((window) => {
    const details = detailsOf(monitor.metric, evaluation, window);
    const base = {
      ...subject,
      from: window.from,
      to: window.to,
      rows: [evaluation?.n ?? 0, window.n] as [number, number],
      reference: evaluation?.words ?? "no evaluation period",
    };
    const lack = lackOf(monitor, evaluation, window);
    if (lack !== null || details.p === null)
      return {
        ...base,
        details,
        state: "insufficient_data",
        score: null,
        severity: null,
        explanation: lack ?? "The rows of one side are too few to tell how uncertain its figure is.",
      };
    const { state, severity } = stateOf(monitor, details);
    return { ...base, details, state, score: details.p, severity, explanation: explain(monitor, details, state) };
  });
}

function detailsOf(metric: ConceptMetric, evaluation: EvaluationPeriod | null, window: JoinedWindow): ConceptDetails {
  const band = bandOf(metric, window);
  const reference = evaluation && bandOf(metric, evaluation);
  return {
    metric,
    value: band?.value ?? null,
    lower: band?.lower ?? null,
    upper: band?.upper ?? null,
    evaluation: evaluation && reference && { ...reference, n: evaluation.n, words: evaluation.words },
    n: window.n,
    missingPredictions: window.missingPredictions,
    missingLabels: window.missingLabels,
    positives: window.positives,
    p: evaluation && worseP(metric, evaluation, window),
  };
}

/** The figure with its interval; null when the rows tell none. */
export function bandOf(metric: ConceptMetric, { n, figure }: JoinedFigures): Band | null {
  if (!figure || n === 0) return null;
  const { kind } = METRIC_FACTS[CONCEPT_METRICS[metric]];
  const interval: Interval | null = intervalOf({ n, ...figure }, kind, ALPHA);
  return { value: figure.value, lower: interval?.low ?? null, upper: interval?.high ?? null };
}

/** One-sided p: half of the two-sided one where the window is worse, the rest where it is better. Equal is 0.5. */
export function worseP(metric: ConceptMetric, evaluation: JoinedFigures, window: JoinedFigures): number | null {
  if (!evaluation.figure || !window.figure) return null;
  const { kind, lowerIsBetter } = METRIC_FACTS[CONCEPT_METRICS[metric]];
  const [before, now] = [evaluation, window].map(({ n, figure }) => ({
    n,
    ...(figure as JoinedFigures["figure"] & object),
  }));
  const difference = differenceOf(before as MeasuredFigure, now as MeasuredFigure, kind, ALPHA);
  if (!difference) return null;
  // Variances so small that their squares vanish leave nothing uncertain.
  const half = (Number.isNaN(difference.pValue) ? 0 : difference.pValue) / 2;
  if (difference.value === 0) return 0.5;
  return difference.value > 0 === lowerIsBetter ? half : 1 - half;
}

function lackOf(
  { metric, minRows = MIN_ROWS }: ConceptMonitorDefinition,
  evaluation: EvaluationPeriod | null,
  window: JoinedWindow,
): string | null {
  const { n, missingLabels, positives } = window;
  if (n < minRows) {
    const waiting = missingLabels > 0 ? ` Outcomes of ${count(missingLabels)} predictions have not arrived yet.` : "";
    return `${count(n)} ${n === 1 ? "row has" : "rows have"} both a prediction and an outcome; at least ${minRows} are needed.${waiting}`;
  }
  if (!evaluation) return "There is nothing to compare with: the evaluation period has no joined rows.";
  if (evaluation.n < minRows)
    return `${evaluation.words} has ${count(evaluation.n)} rows with a prediction and an outcome; at least ${minRows} are needed.`;
  if (metric === "auc" && !window.figure)
    return `Every outcome of the window is a ${positives === 0 ? "no" : "yes"}, so that there is no pair to rank.`;
  if (!evaluation.figure) return `${evaluation.words} has no ${nameOf(metric)}: only one class occurs.`;
  return null;
}

function stateOf(monitor: ConceptMonitorDefinition, { p, value, evaluation }: ConceptDetails) {
  const { warn, critical } = conceptThresholds(monitor);
  const severity = warn / Math.max(p ?? 1, LEAST_P);
  const effect = Math.abs((value ?? 0) - (evaluation?.value ?? 0));
  // Many rows make any difference certain; what is smaller than matters is no alarm, so it does not rank as one either.
  const matters = effect >= (monitor.minEffect ?? 0);
  const state: DriftState = !matters || (p ?? 1) > warn ? "fine" : (p ?? 1) <= critical ? "critical" : "warn";
  return { state, severity: state === "fine" ? Math.min(severity, 0.99) : severity };
}

function explain(monitor: ConceptMonitorDefinition, details: ConceptDetails, state: DriftState): string {
  const { value, evaluation, p, n } = details;
  const name = nameOf(monitor.metric);
  const against = `${capital(name)} is ${figure(value)} over ${count(n)} rows, against ${figure(evaluation?.value ?? null)} in ${evaluation?.words}`;
  if (state !== "fine")
    return `${against}: worse by ${figure(Math.abs((value ?? 0) - (evaluation?.value ?? 0)))}, which chance would give with p ${pText(p)}.`;
  const worse = (p ?? 1) <= conceptThresholds(monitor).warn;
  return worse
    ? `${against}: certainly worse, but by less than the minimum difference of ${monitor.minEffect}.`
    : `${against}: no worse than chance allows (p ${pText(p)}).`;
}

function nameOf(metric: ConceptMetric): string {
  return METRIC_FACTS[CONCEPT_METRICS[metric]].label;
}

function pText(p: number | null): string {
  return p === null ? "unknown" : p < 0.0001 ? "below 0.0001" : p.toFixed(4);
}

function figure(value: number | null): string {
  return value === null ? "unknown" : String(Number(value.toPrecision(4)));
}

const count = (value: number) => value.toLocaleString("en");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The end of a calendar window in UTC that begins then. */
export function endOfWindow(from: string, window: ConceptMonitorDefinition["window"]): string {
  const date = new Date(from);
  if (window === "month") date.setUTCMonth(date.getUTCMonth() + 1);
  else date.setUTCDate(date.getUTCDate() + (window === "week" ? 7 : 1));
  return date.toISOString();
}
