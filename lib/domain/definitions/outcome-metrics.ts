/** The metrics by which arms are compared. Each is a mean over rows, except the AUC. */
export const OUTCOME_METRICS = ["logLoss", "brier", "error", "auc", "squaredError", "absoluteError"] as const;
export type OutcomeMetricName = (typeof OUTCOME_METRICS)[number];

export interface MetricFacts {
  /** As in "B's log loss". */
  label: string;
  lowerIsBetter: boolean;
  /** mean: of any values; share: of yes and no; area: between 0 and 1, with a variance of its own. */
  kind: "mean" | "share" | "area";
  task: "classification" | "regression";
}

export const METRIC_FACTS: Record<OutcomeMetricName, MetricFacts> = {
  logLoss: { label: "log loss", lowerIsBetter: true, kind: "mean", task: "classification" },
  brier: { label: "Brier score", lowerIsBetter: true, kind: "mean", task: "classification" },
  error: { label: "error rate", lowerIsBetter: true, kind: "share", task: "classification" },
  auc: { label: "AUC", lowerIsBetter: false, kind: "area", task: "classification" },
  squaredError: { label: "mean squared error", lowerIsBetter: true, kind: "mean", task: "regression" },
  absoluteError: { label: "mean absolute error", lowerIsBetter: true, kind: "mean", task: "regression" },
};
