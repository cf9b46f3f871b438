import type { DriftState } from "../drift/drift-verdict";

/** All watched features in one window. */
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

/** The windows with the share of features that drifted, by time. */
export function judgeDataset(verdicts: Iterable<{ from: string; to: string; state: DriftState }>): DatasetVerdict[] {
  const windows = new Map<string, { from: string; to: string; features: number; judged: number; drifted: number }>();
  for (const { from, to, state } of verdicts) {
    const window = windows.get(from) ?? { from, to, features: 0, judged: 0, drifted: 0 };
    windows.set(from, window);
    window.features += 1;
    if (state !== "insufficient_data") window.judged += 1;
    if (state === "warn" || state === "critical") window.drifted += 1;
  }
  return [...windows.values()]
    .map((window) => ({ ...window, isDrift: isDatasetDrift(window) }))
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
