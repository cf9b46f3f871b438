import type { MonitorDefinition } from "../definitions";
import { benjaminiHochberg } from "../drift/benjamini-hochberg";
import { defaultThresholds, type DriftThresholds, isProbability } from "../drift/drift-metrics";
import { addSides, type DriftSide } from "../drift/drift-side";
import type { DriftState, DriftVerdict } from "../drift/drift-verdict";
import { judgeMeasure } from "../drift/judge-drift";
import { type DriftMeasure, measureDrift, type MeasureQuestion } from "../drift/measure-drift";
import { DomainError } from "../errors";
import { type Calibration, calibrate, type TrainAndTest } from "./calibrate";

/** How a feature version was distributed in one window of time. */
export interface ProfiledWindow extends DriftSide {
  /** ISO instants, `[from, to)`. */
  from: string;
  to: string;
}

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

/** All monitored features in one window. */
export interface DatasetVerdict {
  from: string;
  to: string;
  features: number;
  /** Features with enough data to be judged. */
  judged: number;
  /** Features at or above the warning threshold. */
  drifted: number;
  /** Half of the judged features or more have drifted, and at least half could be judged. */
  isDrift: boolean;
}

/** Share of the features from which on the dataset as a whole counts as drifted. */
const DATASET_SHARE = 0.5;

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
  const measured = features.flatMap((feature) =>
    feature.windows.flatMap((window, at) => {
      if ((range.from && isBefore(window.from, range.from)) || (range.to && !isBefore(window.from, range.to)))
        return [];
      if ("window" in monitor.reference && overlaps(window, monitor.reference.window)) return [];
      return [measureWindow(monitor, feature, window, at)];
    }),
  );
  const corrected = correctByWindow(measured);
  return measured.map((one) => judgeWindow(monitor, one, corrected.get(one)));
}

interface Measured {
  feature: MonitoredFeature;
  window: ProfiledWindow;
  reference: string;
  /** A comparison, or why there is none. */
  found: { question: MeasureQuestion; measure: DriftMeasure } | string;
}

function measureWindow(
  monitor: MonitorDefinition,
  feature: MonitoredFeature,
  window: ProfiledWindow,
  at: number,
): Measured {
  const { words, side, lack } = referenceOf(monitor, feature, at);
  const base = { feature, window, reference: words };
  if (!side) return { ...base, found: lack };
  const { metric, minRows } = monitor;
  const question = { metric, reference: side, current: window, ...(minRows !== undefined && { minRows }) };
  try {
    return { ...base, found: { question, measure: measureDrift(question) } };
  } catch (error) {
    if (error instanceof DomainError) return { ...base, found: error.message };
    throw error;
  }
}

/** p-values after Benjamini and Hochberg's correction over the features of each window. */
function correctByWindow(measured: readonly Measured[]): Map<Measured, number> {
  const byWindow = new Map<string, Measured[]>();
  for (const one of measured) {
    if (typeof one.found === "string" || !isProbability(one.found.measure.figure) || one.found.measure.score === null)
      continue;
    const { from } = one.window;
    const tests = byWindow.get(from) ?? [];
    tests.push(one);
    byWindow.set(from, tests);
  }
  const corrected = new Map<Measured, number>();
  for (const tests of byWindow.values()) {
    const values = benjaminiHochberg(
      tests.map(({ found }) => (typeof found === "string" ? null : found.measure.score)),
    );
    tests.forEach((one, index) => corrected.set(one, values[index] ?? 1));
  }
  return corrected;
}

function judgeWindow(
  monitor: MonitorDefinition,
  { feature, window, reference, found }: Measured,
  corrected: number | undefined,
): DriftWindowVerdict {
  const base = { feature: feature.feature, versionId: feature.versionId, from: window.from, to: window.to, reference };
  if (typeof found === "string")
    return {
      ...base,
      ...(thresholdsOf(monitor) ?? { warn: 0, critical: 0 }),
      state: "insufficient_data",
      score: null,
      severity: null,
      rows: [0, 0],
      explanation: found,
      details: null,
    };
  const { question, measure } = found;
  const own = { warn: monitor.warn, critical: monitor.critical };
  const calibration = monitor.calibrated ? calibrate(question, measure.figure, own, feature.consumers) : null;
  const verdict = judgeMeasure({ ...question, ...(calibration ?? own) }, measure, corrected);
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

/** The windows with the share of features that drifted, by time. */
export function judgeDataset(verdicts: readonly WindowVerdict[]): DatasetVerdict[] {
  const byWindow = new Map<string, WindowVerdict[]>();
  for (const verdict of verdicts) byWindow.set(verdict.from, [...(byWindow.get(verdict.from) ?? []), verdict]);
  return [...byWindow.values()]
    .map((window) => {
      const judged = window.filter(({ state }) => state !== "insufficient_data").length;
      const drifted = window.filter(({ state }) => state === "warn" || state === "critical").length;
      const { from, to } = window[0] as WindowVerdict;
      const counts = { features: window.length, judged, drifted };
      return { from, to, ...counts, isDrift: isDatasetDrift(counts) };
    })
    .sort((one, other) => (one.from < other.from ? -1 : 1));
}

/** From counts of a window's features, as `DatasetVerdict` has them. */
export function isDatasetDrift({
  features,
  judged,
  drifted,
}: {
  features: number;
  judged: number;
  drifted: number;
}): boolean {
  return judged > 0 && judged * 2 >= features && drifted / judged >= DATASET_SHARE;
}

/** The thresholds that a monitor applies: its own, else its metric's; null for `natural`, whose figures have each their own. */
export function thresholdsOf({ metric, warn, critical }: MonitorDefinition): DriftThresholds | null {
  const defaults = defaultThresholds(metric);
  return defaults && { warn: warn ?? defaults.warn, critical: critical ?? Math.max(defaults.critical, warn ?? 0) };
}

interface Reference {
  words: string;
  side: DriftSide | null;
  /** Why there is none. */
  lack: string;
}

function referenceOf({ reference }: MonitorDefinition, feature: MonitoredFeature, at: number): Reference {
  if ("part" in reference) {
    const words = `the ${reference.part} part`;
    const side = feature.parts[reference.part] ?? null;
    return { words, side, lack: `${feature.feature} has no profile of ${words}.` };
  }
  if ("rolling" in reference) {
    const before = feature.windows.slice(Math.max(0, at - reference.rolling), at);
    const words = `the ${reference.rolling} windows before`;
    const enough = before.length === reference.rolling;
    return {
      words,
      side: enough ? sumOf(before) : null,
      lack: `${before.length} of ${words} are profiled.`,
    };
  }
  const [from, to] = reference.window;
  const words = `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  const inside = feature.windows.filter((window) => !isBefore(window.from, from) && !isBefore(to, window.to));
  return {
    words,
    side: sumOf(inside),
    lack: `${feature.feature} has no profile of a whole window within ${words}.`,
  };
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

function overlaps(window: ProfiledWindow, [from, to]: readonly [string, string]): boolean {
  return isBefore(window.from, to) && isBefore(from, window.to);
}

/** One moment can be written in several ways, so that texts cannot be compared. */
function isBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}
