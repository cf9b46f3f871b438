import type { MonitorDefinition } from "../definitions/monitor";
import { defaultThresholds, type DriftThresholds, hasUnit } from "../drift/drift-metrics";
import { addSides, type DriftSide } from "../drift/drift-side";
import type { DriftState, DriftVerdict } from "../drift/drift-verdict";
import { judgeMeasure, thresholdsFor } from "../drift/judge-drift";
import { DomainError } from "../errors";
import type { Calibration, TrainAndTest } from "./calibrate";
import {
  type DriftTerms,
  levelsOf,
  type MeasuredWindow,
  measureWindows,
  type ProfiledWindow,
  type WindowQuestion,
  type WindowReference,
} from "./measure-windows";

/** Everything that is stored of one monitored feature version. */
export interface MonitoredFeature {
  feature: string;
  versionId: string;
  /** By time, ascending, without overlap. */
  windows: ProfiledWindow[];
  /** Part of a split → its distribution, for a reference that is a part. */
  parts: Readonly<Record<string, DriftSide>>;
  /** Train and test parts of the models that read it, for calibrated thresholds. */
  consumers: readonly TrainAndTest[];
}

/** One feature in one window against the monitor's reference: what alerts go by. */
export interface WindowVerdict {
  feature: string;
  versionId: string;
  from: string;
  to: string;
  state: DriftState;
  score: number | null;
  /** Score ÷ warn. */
  severity: number | null;
  /** Rows of the reference and of the window. */
  rows: [number, number];
  /** What it was compared with, in words. */
  reference: string;
  explanation: string;
}

/** What the verdict was computed from, as it is kept. */
export type VerdictDetails = Pick<DriftVerdict, "figure" | "test" | "distribution" | "missing" | "because"> & {
  calibration: Calibration | null;
};

export interface DriftWindowVerdict extends WindowVerdict, DriftThresholds {
  /** Null where nothing could be computed. */
  details: VerdictDetails | null;
}

/**
 * Judges every window of every feature that begins in `range` (all when left out) against the monitor's reference. Windows
 * of the reference itself are not judged. What cannot be compared (too few rows, other buckets, no reference yet) is
 * `insufficient_data` with the reason, never an error: a monitor must not fail because of one feature. p-values are
 * corrected for being many over the features of a window.
 */
export function evaluateMonitor(
  monitor: MonitorDefinition,
  features: readonly MonitoredFeature[],
  range: { from?: string; to?: string } = {},
): DriftWindowVerdict[] {
  const isAsked = rangeTest(range);
  const questions = features.flatMap((feature): MonitorQuestion[] => {
    const referenceOf = referencesOf(monitor, feature);
    return feature.windows.flatMap((window, at) =>
      isAsked(window) && !isOfReference(window, monitor) ? [{ feature, window, reference: referenceOf(at) }] : [],
    );
  });
  return measureWindows(monitor, questions).map((measured) => judgeWindow(monitor, measured));
}

interface MonitorQuestion extends WindowQuestion {
  feature: MonitoredFeature;
}

/** The verdict on a measured window, with its sentence. */
export function judgeWindow(
  terms: DriftTerms,
  { asked: { feature, window, reference }, asked, found, corrected }: MeasuredWindow<MonitorQuestion>,
): DriftWindowVerdict {
  const base = {
    feature: feature.feature,
    versionId: feature.versionId,
    from: window.from,
    to: window.to,
    reference: reference.words,
  };
  if (typeof found === "string")
    return {
      ...base,
      ...(thresholdsOf(terms) ?? { warn: 0, critical: 0 }),
      state: "insufficient_data",
      score: null,
      severity: null,
      rows: [0, 0],
      explanation: found,
      details: null,
    };
  const { question, measure } = found;
  const { thresholds, calibration } = levelsOf(terms, asked, measure);
  const verdict = judgeMeasure({ ...question, ...thresholds }, measure, corrected);
  const { figure, test, distribution, missing, because, state, score, severity, rows, warn, critical } = verdict;
  return {
    ...base,
    state,
    score,
    severity,
    rows,
    warn,
    critical,
    explanation: calibration ? `${verdict.explanation} ${calibration.sentence}` : verdict.explanation,
    details: { figure, test, distribution, missing, because, calibration },
  };
}

/** The thresholds that apply: those asked for, else its metric's; null where they depend on what is compared. */
export function thresholdsOf({
  metric,
  warn,
  critical,
}: Pick<DriftTerms, "metric" | "warn" | "critical">): DriftThresholds | null {
  if (hasUnit(metric) && warn !== undefined) return thresholdsFor(metric, { warn, critical });
  const defaults = defaultThresholds(metric);
  return defaults && { warn: warn ?? defaults.warn, critical: critical ?? Math.max(defaults.critical, warn ?? 0) };
}

/** What the window at a position is compared with. A reference that is the same for every window is added up once. */
export function referencesOf(
  { reference }: MonitorDefinition,
  feature: MonitoredFeature,
): (at: number) => WindowReference {
  if ("part" in reference) {
    const words = `the ${reference.part} part`;
    const side = feature.parts[reference.part] ?? null;
    const fixed = { words, side, lack: `${feature.feature} has no profile of ${words}.` };
    return () => fixed;
  }
  if ("rolling" in reference) {
    const words = `the ${reference.rolling} windows before`;
    return (at) => {
      const before = feature.windows.slice(Math.max(0, at - reference.rolling), at);
      const enough = before.length === reference.rolling;
      return { words, side: enough ? sumOf(before) : null, lack: `${before.length} of ${words} are profiled.` };
    };
  }
  const [from, to] = reference.window;
  const words = `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  const inside = feature.windows.filter((window) => !isBefore(window.from, from) && !isBefore(to, window.to));
  const lack = `${feature.feature} has no profile of a whole window within ${words}.`;
  const fixed = { words, side: sumOf(inside), lack };
  return () => fixed;
}

/** Windows on the same edges added up; null when there is none, or when they were counted by different buckets. */
function sumOf(windows: readonly ProfiledWindow[]): DriftSide | null {
  const [first, ...rest] = windows;
  if (!first) return null;
  try {
    return rest.reduce((sum: DriftSide, window) => addSides(sum, window), first);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** Whether a window begins in the range; a side that is left out is open. */
function rangeTest({ from, to }: { from?: string; to?: string }): (window: ProfiledWindow) => boolean {
  return (window) => !(from && isBefore(window.from, from)) && !(to && !isBefore(window.from, to));
}

/** Whether a window has rows of a fixed reference. */
function isOfReference(window: ProfiledWindow, { reference }: MonitorDefinition): boolean {
  if (!("window" in reference)) return false;
  const [from, to] = reference.window;
  return isBefore(window.from, to) && isBefore(from, window.to);
}

/** One moment can be written in several ways, so that texts cannot be compared. */
function isBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}
