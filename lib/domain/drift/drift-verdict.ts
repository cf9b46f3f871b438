import type { DriftFigure, DriftThresholds } from "./drift-metrics";
import type { MeasureQuestion } from "./measure-drift";

export type DriftState = "fine" | "warn" | "critical" | "insufficient_data";

export interface DriftQuestion extends MeasureQuestion {
  /** Default: the figure's own. Those of a p-value and of missing values are always their own. */
  warn?: number | undefined;
  critical?: number | undefined;
}

/** One figure against its thresholds. */
export interface Judged extends DriftThresholds {
  state: DriftState;
  /** Score ÷ warn, for a probability warn ÷ p, so that different figures rank on one scale: 1 and above is an alarm. */
  severity: number | null;
}

/** What the figures say. */
export interface DriftJudgement extends Judged {
  /** What was computed: `natural` and the two tests choose by type and size. */
  figure: DriftFigure;
  /** Null when there is nothing to compare. */
  score: number | null;
  /** Of a test: its statistic, p, and p after correction for being one of many. */
  test: { statistic: number; pValue: number; corrected: number } | null;
  /** The values that are there, and how many are not, each judged for itself; the verdict is the worse of the two. */
  distribution: Judged;
  missing: Judged & { reference: number; current: number; difference: number };
  because: "distribution" | "missing" | null;
  /** Rows of the reference and of the current side. */
  rows: [number, number];
}

export interface DriftVerdict extends DriftJudgement {
  explanation: string;
}
