import type { EvaluationTask } from "./evaluation";

interface ModelMetric {
  label: string;
  /** What it is, for people. Definitions are scikit-learn's, where it has the metric. */
  about: string;
  /** Digits after the point. */
  digits: number;
  percent?: boolean;
  /** Left out where neither is better. */
  better?: "higher" | "lower";
  /** What it can be asked of. */
  tasks: readonly EvaluationTask[];
}

/** Every metric that the rows of a part may be judged by, by its name in the API and in files, in the order in which they are shown. */
export const MODEL_METRICS: Readonly<Record<string, ModelMetric>> = {
  auc: {
    label: "AUC",
    about: "Chance that a positive row scores above a negative one; 0.5 is guessing.",
    digits: 4,
    better: "higher",
    tasks: ["binary"],
  },
  logLoss: {
    label: "Log loss",
    about: "Mean surprise; lower is better.",
    digits: 4,
    better: "lower",
    tasks: ["binary", "multiclass"],
  },
  brier: {
    label: "Brier score",
    about: "Mean squared error of the probability; lower is better.",
    digits: 4,
    better: "lower",
    tasks: ["binary"],
  },
  prAuc: {
    label: "PR AUC",
    about: "Average precision over all thresholds; the share of yeses is guessing.",
    digits: 4,
    better: "higher",
    tasks: ["binary"],
  },
  rmse: {
    label: "RMSE",
    about: "Root of the mean squared error, in the label's unit.",
    digits: 4,
    better: "lower",
    tasks: ["regression"],
  },
  mae: {
    label: "MAE",
    about: "Mean absolute error, in the label's unit.",
    digits: 4,
    better: "lower",
    tasks: ["regression"],
  },
  medianAe: {
    label: "Median absolute error",
    about: "Half of the rows are off by less.",
    digits: 4,
    better: "lower",
    tasks: ["regression"],
  },
  r2: {
    label: "R²",
    about: "Share of the label's variance that is explained; 0 is always saying the mean.",
    digits: 4,
    better: "higher",
    tasks: ["regression"],
  },
  mape: {
    label: "MAPE",
    about: "Mean absolute error as a share of the label.",
    digits: 2,
    percent: true,
    better: "lower",
    tasks: ["regression"],
  },
  accuracy: {
    label: "Accuracy",
    about: "Share of rows that are classified correctly.",
    digits: 2,
    percent: true,
    better: "higher",
    tasks: ["binary", "multiclass"],
  },
  precision: {
    label: "Precision",
    about: "Share of true yeses among predicted ones.",
    digits: 2,
    percent: true,
    better: "higher",
    tasks: ["binary"],
  },
  recall: {
    label: "Recall",
    about: "Share of the yeses that are predicted.",
    digits: 2,
    percent: true,
    better: "higher",
    tasks: ["binary"],
  },
  f1: { label: "F1", about: "Harmonic mean of precision and recall.", digits: 4, better: "higher", tasks: ["binary"] },
  macroF1: {
    label: "Macro F1",
    about: "Mean of F1 over the classes.",
    digits: 4,
    better: "higher",
    tasks: ["multiclass"],
  },
  weightedF1: {
    label: "Weighted F1",
    about: "F1 over the classes, weighted by how often each occurs.",
    digits: 4,
    better: "higher",
    tasks: ["multiclass"],
  },
  classes: { label: "Classes", about: "Classes that the label has in these rows.", digits: 0, tasks: ["multiclass"] },
  positives: {
    label: "Positives",
    about: "Share of rows whose label is true.",
    digits: 2,
    percent: true,
    tasks: ["binary"],
  },
  rows: { label: "Rows", about: "Rows that were scored.", digits: 0, tasks: ["binary", "multiclass", "regression"] },
  duplicates: {
    label: "Duplicates",
    about: "Test rows with the same values of all features as a training row.",
    digits: 0,
    tasks: ["binary", "multiclass", "regression"],
  },
};
