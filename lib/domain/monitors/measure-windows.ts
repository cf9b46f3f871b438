import type { MonitorDefinition } from "../definitions";
import { benjaminiHochberg } from "../drift/benjamini-hochberg";
import { type DriftThresholds, isProbability } from "../drift/drift-metrics";
import type { DriftSide } from "../drift/drift-side";
import type { DriftState } from "../drift/drift-verdict";
import { stateOf } from "../drift/judge-drift";
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
  found: FoundWindow;
  /** p among the tests of its window, after Benjamini and Hochberg. */
  corrected: number | undefined;
}

/** What was measured, or why nothing could be. */
export type FoundWindow = { question: MeasureQuestion; measure: DriftMeasure } | string;

/**
 * Measures each window. What cannot be compared (no reference yet, other buckets) has a reason instead, never an error: many
 * must not fail because of one. p-values are corrected for being many over the features of a window.
 */
export function measureWindows<Question extends WindowQuestion>(
  terms: DriftTerms,
  questions: readonly Question[],
): MeasuredWindow<Question>[] {
  const tests = new WindowTests();
  const measured = questions.map((asked, at): MeasuredWindow<Question> => {
    const found = measureWindow(terms, asked);
    if (typeof found !== "string") tests.add(at, asked, found.measure);
    return { asked, found, corrected: undefined };
  });
  for (const [at, corrected] of tests.corrected()) (measured[at] as MeasuredWindow).corrected = corrected;
  return measured;
}

/** A window by itself: a p-value of it is not yet corrected for being one of many. */
export function measureWindow(
  { metric, minRows }: DriftTerms,
  { window, reference: { side, lack } }: WindowQuestion,
): FoundWindow {
  if (!side) return lack;
  const question: MeasureQuestion = { metric, reference: side, current: window };
  if (minRows !== undefined) question.minRows = minRows;
  try {
    return { question, measure: measureDrift(question) };
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** The state of a window, from which it can be told whether to look closer. */
export interface WindowState {
  state: DriftState;
  severity: number | null;
  corrected: number | undefined;
}

/** `measureWindows`, of which only states are kept: a measure is a dozen numbers, and there may be hundreds of thousands. */
export function judgeStates(terms: DriftTerms, questions: readonly WindowQuestion[]): WindowState[] {
  const tests = new WindowTests();
  const states = questions.map((asked, at): WindowState => {
    const found = measureWindow(terms, asked);
    if (typeof found === "string") return { state: "insufficient_data", severity: null, corrected: undefined };
    tests.add(at, asked, found.measure);
    const { state, severity } = stateOf(levelsOf(terms, asked, found.measure).thresholds, found.measure);
    return { state, severity, corrected: undefined };
  });
  for (const [at, corrected, measure] of tests.corrected()) {
    const asked = questions[at] as WindowQuestion;
    const { state, severity } = stateOf(levelsOf(terms, asked, measure).thresholds, measure, corrected);
    states[at] = { state, severity, corrected };
  }
  return states;
}

/** The tests among many measures, by the window of time that they are of. */
class WindowTests {
  private readonly byWindow = new Map<string, { at: number; measure: DriftMeasure }[]>();

  add(at: number, { window: { from } }: WindowQuestion, measure: DriftMeasure): void {
    if (!isProbability(measure.figure) || measure.score === null) return;
    const tests = this.byWindow.get(from) ?? [];
    tests.push({ at, measure });
    this.byWindow.set(from, tests);
  }

  /** Each test's position with its p after correction over the tests of its window. */
  *corrected(): Iterable<[at: number, corrected: number, measure: DriftMeasure]> {
    for (const tests of this.byWindow.values()) {
      const values = benjaminiHochberg(tests.map(({ measure }) => measure.score));
      for (const [index, { at, measure }] of tests.entries()) yield [at, values[index] ?? 1, measure];
    }
  }
}

/** The thresholds that a measure is held against, and whose noise raised them. */
export function levelsOf(
  terms: DriftTerms,
  { feature }: WindowQuestion,
  { figure }: DriftMeasure,
): { thresholds: Partial<DriftThresholds>; calibration: Calibration | null } {
  const own = ownLevels(terms);
  const calibration = terms.calibrated ? calibrate(terms, figure, own, feature.consumers) : null;
  return { thresholds: calibration ?? own, calibration };
}

function ownLevels({ warn, critical }: DriftTerms): Partial<DriftThresholds> {
  const own: Partial<DriftThresholds> = {};
  if (warn !== undefined) own.warn = warn;
  if (critical !== undefined) own.critical = critical;
  return own;
}
