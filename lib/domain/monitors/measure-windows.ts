import type { MonitorDefinition } from "../definitions/monitor";
import { benjaminiHochberg } from "../statistics/benjamini-hochberg";
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
  const tests = new WindowTests<MeasuredWindow<Question>>();
  const windows = questions.map((asked) => {
    const measured: MeasuredWindow<Question> = { asked, found: measureWindow(terms, asked), corrected: undefined };
    if (typeof measured.found !== "string") tests.add(measured, asked, measured.found.measure);
    return measured;
  });
  tests.correct();
  return windows;
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

/**
 * `measureWindows` of windows that come one after another, of which only states are kept: there may be hundreds of thousands,
 * and what each was judged from is forgotten at once.
 */
export class WindowStates {
  private readonly tests = new WindowTests<WindowState>();

  constructor(private readonly terms: DriftTerms) {}

  /** Writes the state of a window to `judged`. */
  judge(asked: WindowQuestion, judged: WindowState): void {
    const found = measureWindow(this.terms, asked);
    if (typeof found === "string") return;
    const { measure } = found;
    this.tests.add(judged, asked, measure);
    const { state, severity } = stateOf(levelsOf(this.terms, asked, measure).thresholds, measure);
    judged.state = state;
    judged.severity = severity;
  }

  /** When every window was judged: tests are judged anew, by p as corrected for being many. */
  correct(): void {
    for (const [judged, measure] of this.tests.correct()) {
      // Probabilities have levels of their own.
      const { state, severity } = stateOf({}, measure, judged.corrected);
      judged.state = state;
      judged.severity = severity;
    }
  }
}

/** The tests among many windows, by the time that they are of. */
class WindowTests<Judged extends Pick<WindowState, "corrected">> {
  private readonly byWindow = new Map<string, [judged: Judged, measure: DriftMeasure][]>();

  add(judged: Judged, { window: { from } }: WindowQuestion, measure: DriftMeasure): void {
    if (!isProbability(measure.figure) || measure.score === null) return;
    const tests = this.byWindow.get(from) ?? [];
    tests.push([judged, measure]);
    this.byWindow.set(from, tests);
  }

  /** Sets each test's p after correction over the tests of its window; returns the tests. */
  correct(): [judged: Judged, measure: DriftMeasure][] {
    for (const tests of this.byWindow.values()) {
      const values = benjaminiHochberg(tests.map(([, { score }]) => score));
      tests.forEach(([judged], at) => (judged.corrected = values[at] ?? 1));
    }
    return [...this.byWindow.values()].flat();
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
