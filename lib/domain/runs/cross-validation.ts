import type { ReasonCode, Verdict } from "../leakage/codes";

/** The score of one fold by the fit that left it out. */
export interface FoldScore {
  part: string;
  /** Rows of the fold that were scored. */
  rows: number;
  /** Rows that the evaluated estimator was fitted on: those of the other folds. */
  fitRows: number;
  /** Of the metric that was asked for. */
  score: number;
  metrics: Record<string, number>;
  /** Whether a fit before the prediction has seen rows of the fold. */
  verdict: Verdict;
  reasons: ReasonCode[];
}

/** A pipeline's score by cross-validation on its fit rows. */
export interface CrossValidation {
  metric: string;
  folds: FoldScore[];
  mean: number;
  /** Sample standard deviation of the folds' scores. */
  deviation: number;
}
