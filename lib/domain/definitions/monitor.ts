import type { DriftMetric } from "./drift-metric";
import type { Environment } from "../environments";
import type { Documented } from "./documented";

/** What a monitor compares each window with. */
export type MonitorReference =
  /** `[from, to)`, ISO: the profiled windows within it, added up. */
  | { window: [string, string] }
  /** A part of the split that the newest run of the feature used, such as `train`. */
  | { part: string }
  /** So many windows before. */
  | { rolling: number };

/** Watches features of a view, those that a model reads, or columns of a source, window by window. */
export interface MonitorDefinition extends Documented {
  kind: "Monitor";
  name: string;
  /** Concept drift is a definition of its own. */
  drift?: "features";
  /** Exactly one of the three. */
  view?: string;
  model?: string;
  source?: string;
  /** Of a source, by their bare names; left out, all but its row key, its time column and its created column. */
  columns?: string[];
  /** Whose pointers say which versions of a view's features are watched. */
  environment: Environment;
  reference: MonitorReference;
  metric: DriftMetric;
  /** Default: the metric's own. `natural` chooses a metric with thresholds of its own, and takes none. */
  warn?: number;
  critical?: number;
  /** Thresholds rise, feature by feature, to where the test part of a consuming model is from its train part. */
  calibrated?: boolean;
  /** Rows that each side needs; default 30. */
  minRows?: number;
  /** Alarming windows in a row before an alert opens; default 1. */
  after?: number;
  /** Whether data whose newest window drifts critically are held back: in quarantine, as when a critical rule fails. Default false. */
  quarantine?: boolean;
  /** Five-field cron in UTC; without it the monitor is evaluated whenever a run has written new profiles. */
  schedule?: string;
}
