/** How well predictions agree with their label, beyond single figures: what curves, tables and intervals are drawn from. */
import type { PermutationImportance } from "./permutation-importance";
import type { SlicedFeature } from "./slices";
import type { TargetProxy } from "./target-proxies";

/** What is judged: probabilities of a yes, classes, or numbers. */
export type EvaluationTask = "binary" | "multiclass" | "regression";

/** A point of a ROC or precision-recall curve: rows with at least this prediction count as predicted yes. */
export interface CurvePoint {
  threshold: number;
  falsePositiveRate: number;
  /** Recall. */
  truePositiveRate: number;
  precision: number;
}

/** Rows whose predictions lie next to each other. */
interface CalibrationGroup {
  rows: number;
  /** Means. */
  predicted: number;
  observed: number;
}

/** Rows whose predictions lie next to each other; residuals are label minus prediction. */
interface ResidualGroup {
  rows: number;
  /** Means. */
  predicted: number;
  residual: number;
  p10: number;
  median: number;
  p90: number;
}

export interface ConfusionMatrix {
  /** In the order of rows and columns. */
  classes: string[];
  /** `counts[truth][predicted]`. */
  counts: number[][];
}

export interface PartEvaluation {
  /** Metric → 95 % confidence interval, where one is standard. */
  intervals: Record<string, [low: number, high: number]>;
  /** Of a binary task, from the highest threshold down; empty when only one class occurs. */
  curve?: CurvePoint[];
  /** Of a binary task: tenths of the rows by prediction, equal predictions together. */
  calibration?: CalibrationGroup[];
  /** Of a binary task at the threshold, and of classes. */
  confusion?: ConfusionMatrix;
  /** Of a regression: tenths of the rows by prediction, equal predictions together. */
  residuals?: ResidualGroup[];
}

export interface Evaluation {
  task: EvaluationTask;
  /** From this probability on a row counts as a yes; null where nothing is decided by one. */
  threshold: number | null;
  /** Part → what was found on its rows; parts without judged rows are left out. */
  parts: Record<string, PartEvaluation>;
  /** What each input is worth, on validation rows; left out where nobody asked. */
  importance?: PermutationImportance;
  /** Inputs that tell the label alone on validation rows; left out where there are none, or nobody looked. */
  proxies?: TargetProxy[];
  /** The parts again, cut by features that somebody asked for; left out where nobody did. */
  slices?: SlicedFeature[];
}
