import type { MonitorDefinition } from "../definitions";
import { addHistograms, assertSameBuckets, type Histogram } from "../drift/histogram";
import { DRIFT_METRICS, type DriftState, judgeDrift } from "../drift/judge-drift";
import { DomainError } from "../errors";

/** How a feature version was distributed in one window of time. */
export interface ProfiledWindow {
  /** ISO instants, `[from, to)`. */
  from: string;
  to: string;
  histogram: Histogram;
}

/** Everything that is stored of one monitored feature version. */
export interface MonitoredFeature {
  feature: string;
  versionId: string;
  /** By time, ascending, without overlap. */
  windows: ProfiledWindow[];
  /** Part of a split → its distribution, for a reference that is a part. */
  parts: Readonly<Record<string, Histogram>>;
}

/** One feature in one window against the monitor's reference. */
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
 * `insufficient_data` with the reason, never an error: a monitor must not fail because of one feature.
 */
export function evaluateMonitor(
  monitor: MonitorDefinition,
  features: readonly MonitoredFeature[],
  range: { from?: string; to?: string } = {},
): WindowVerdict[] {
  return features.flatMap((feature) =>
    feature.windows.flatMap((window, at) => {
      if ((range.from && isBefore(window.from, range.from)) || (range.to && !isBefore(window.from, range.to)))
        return [];
      if ("window" in monitor.reference && overlaps(window, monitor.reference.window)) return [];
      return [judgeWindow(monitor, feature, window, at)];
    }),
  );
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
      const isDrift = judged > 0 && judged * 2 >= window.length && drifted / judged >= DATASET_SHARE;
      return { from, to, features: window.length, judged, drifted, isDrift };
    })
    .sort((one, other) => (one.from < other.from ? -1 : 1));
}

/** The thresholds that a monitor applies: its own, else its metric's. */
export function thresholdsOf({ metric, warn, critical }: MonitorDefinition): { warn: number; critical: number } {
  const defaults = DRIFT_METRICS[metric];
  return { warn: warn ?? defaults.warn, critical: critical ?? Math.max(defaults.critical, warn ?? 0) };
}

function judgeWindow(
  monitor: MonitorDefinition,
  feature: MonitoredFeature,
  window: ProfiledWindow,
  at: number,
): WindowVerdict {
  const base = { feature: feature.feature, versionId: feature.versionId, from: window.from, to: window.to };
  const { words, histogram, lack } = referenceOf(monitor, feature, at);
  const unknown = (explanation: string): WindowVerdict => ({
    ...base,
    state: "insufficient_data",
    score: null,
    severity: null,
    rows: [0, 0],
    reference: words,
    explanation,
  });
  if (!histogram) return unknown(lack);
  try {
    const { state, score, severity, explanation, rows } = judgeDrift({
      metric: monitor.metric,
      reference: histogram,
      current: window.histogram,
      ...thresholdsOf(monitor),
      ...(monitor.minRows !== undefined && { minRows: monitor.minRows }),
    });
    return { ...base, state, score, severity, rows, reference: words, explanation };
  } catch (error) {
    if (error instanceof DomainError) return unknown(error.message);
    throw error;
  }
}

interface Reference {
  words: string;
  histogram: Histogram | null;
  /** Why there is none. */
  lack: string;
}

function referenceOf({ reference }: MonitorDefinition, feature: MonitoredFeature, at: number): Reference {
  if ("part" in reference) {
    const words = `the ${reference.part} part`;
    const histogram = feature.parts[reference.part] ?? null;
    return { words, histogram, lack: `${feature.feature} has no profile of ${words}.` };
  }
  if ("rolling" in reference) {
    const before = feature.windows.slice(Math.max(0, at - reference.rolling), at);
    const words = `the ${reference.rolling} windows before`;
    const enough = before.length === reference.rolling;
    return {
      words,
      histogram: enough ? sumOf(before) : null,
      lack: `${before.length} of ${words} are profiled.`,
    };
  }
  const [from, to] = reference.window;
  const words = `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  const inside = feature.windows.filter((window) => !isBefore(window.from, from) && !isBefore(to, window.to));
  return {
    words,
    histogram: sumOf(inside),
    lack: `${feature.feature} has no profile of a whole window within ${words}.`,
  };
}

/** Windows on the same edges added up; null when there is none, or when they were counted by different buckets. */
function sumOf(windows: readonly ProfiledWindow[]): Histogram | null {
  const [first, ...rest] = windows;
  if (!first) return null;
  try {
    return rest.reduce((sum: Histogram, { histogram }) => {
      assertSameBuckets(sum, histogram);
      return addHistograms(sum, histogram);
    }, first.histogram);
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
