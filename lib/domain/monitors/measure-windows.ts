import type { MonitorDefinition } from "../definitions";
import { benjaminiHochberg } from "../drift/benjamini-hochberg";
import { type DriftThresholds, isProbability } from "../drift/drift-metrics";
import type { DriftSide } from "../drift/drift-side";
import type { DriftJudgement } from "../drift/drift-verdict";
import { judgeFigures } from "../drift/judge-drift";
import { type DriftMeasure, measureDrift, type MeasureQuestion } from "../drift/measure-drift";
import { DomainError } from "../errors";
import { type Calibration, calibrate, type TrainAndTest } from "./calibrate";

/** How a feature version was distributed in one window of time. */
export interface ProfiledWindow extends DriftSide {
  /** ISO instants, `[from, to)`. */
  from: string;
  to: string;
}

/** By what windows are compared, and from which score on it is an alarm. */
export type DriftTerms = Pick<MonitorDefinition, "metric" | "warn" | "critical" | "minRows" | "calibrated">;

/** What a window is compared with. */
export interface WindowReference {
  /** In words. */
  words: string;
  side: DriftSide | null;
  /** Why there is none. */
  lack: string;
}

/** A window of a feature, and what to compare it with. */
export interface WindowQuestion<Window extends ProfiledWindow = ProfiledWindow> {
  /** Whose thresholds are calibrated by the split of these. */
  feature: { consumers: readonly TrainAndTest[] };
  window: Window;
  reference: WindowReference;
}

export interface MeasuredWindow<Question extends WindowQuestion = WindowQuestion> {
  asked: Question;
  /** What was found, or why nothing could be. */
  found: { question: MeasureQuestion; measure: DriftMeasure } | string;
  /** p among the tests of its window, after Benjamini and Hochberg. */
  corrected: number | undefined;
}

/**
 * Measures each window. What cannot be compared (no reference yet, other buckets) has a reason instead, never an error: many
 * must not fail because of one. p-values are corrected for being many over the features of a window.
 */
export function measureWindows<Question extends WindowQuestion>(
  terms: DriftTerms,
  questions: readonly Question[],
): MeasuredWindow<Question>[] {
  const measured = questions.map((asked): MeasuredWindow<Question> => ({
    asked,
    found: measure(terms, asked),
    corrected: undefined,
  }));
  correctByWindow(measured);
  return measured;
}

function measure({ metric, minRows }: DriftTerms, { window, reference: { side, lack } }: WindowQuestion) {
  if (!side) return lack;
  const question = { metric, reference: side, current: window, ...(minRows !== undefined && { minRows }) };
  try {
    return { question, measure: measureDrift(question) };
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

function correctByWindow(measured: readonly MeasuredWindow[]): void {
  const byWindow = new Map<string, { one: MeasuredWindow; p: number }[]>();
  for (const one of measured) {
    if (typeof one.found === "string") continue;
    const { figure, score } = one.found.measure;
    if (!isProbability(figure) || score === null) continue;
    const { from } = one.asked.window;
    const tests = byWindow.get(from) ?? [];
    tests.push({ one, p: score });
    byWindow.set(from, tests);
  }
  for (const tests of byWindow.values()) {
    const values = benjaminiHochberg(tests.map(({ p }) => p));
    tests.forEach(({ one }, index) => (one.corrected = values[index] ?? 1));
  }
}

/** The state of a measured window, without its sentence; null where nothing was measured. */
export function judgeMeasured(
  terms: DriftTerms,
  { asked, found, corrected }: MeasuredWindow,
): (DriftJudgement & { calibration: Calibration | null }) | null {
  if (typeof found === "string") return null;
  const { thresholds, calibration } = levelsOf(terms, asked, found.measure);
  return { ...judgeFigures(thresholds, found.measure, corrected), calibration };
}

/** The thresholds that a measure is held against, and whose noise raised them. */
export function levelsOf(
  { metric, minRows, warn, critical, calibrated }: DriftTerms,
  { feature }: WindowQuestion,
  { figure }: DriftMeasure,
): { thresholds: Partial<DriftThresholds>; calibration: Calibration | null } {
  const own = { ...(warn !== undefined && { warn }), ...(critical !== undefined && { critical }) };
  const terms = { metric, ...(minRows !== undefined && { minRows }) };
  const calibration = calibrated ? calibrate(terms, figure, own, feature.consumers) : null;
  return { thresholds: calibration ?? own, calibration };
}
