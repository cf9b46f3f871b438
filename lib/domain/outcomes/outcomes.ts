import type { EntityDefinition } from "../definitions/entity";
import type { SourceDefinition } from "../definitions/source";
import type { HashPolicyDefinition } from "../definitions/split-policy";
import type { PolicyParts } from "../definitions/split-rule";

/** Files that hold a column for rows of an entity. A row that several files hold counts as the last of them has it. */
export interface ColumnFiles {
  /** Absolute paths. Outputs of runs: join keys, the event time of an entity that has one, and the column by its name. */
  files: string[];
  column: string;
}

export type OutcomeTask = "classification" | "regression";

/** With `source` the files are read as that source declares them. */
export type ValueFiles = ColumnFiles & { source?: SourceDefinition };

/** Several predictions of one label, each judged on rows of its own. */
export interface OutcomeRequest {
  entity: EntityDefinition;
  /** Probabilities of a yes against a true/false label, or numbers against a number. */
  task: OutcomeTask;
  label: ValueFiles;
  /** Its key is a join key, or a column of the label's files: then rows without a label are in nobody's part. */
  policy: HashPolicyDefinition;
  arms: (ColumnFiles & {
    name: string;
    /** Parts of the policy whose rows this arm is judged on. */ parts: string[];
  })[];
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
}

export type OutcomeMetric = "logLoss" | "brier" | "error" | "squaredError" | "absoluteError";

/** What is needed of some rows to tell their metrics from those of other rows, which are independent of them. */
export interface OutcomeFigures {
  /** Rows with a prediction and a label: `n` of every figure below. */
  n: number;
  /** Rows with a label whose prediction is absent, null, NaN or infinite. */
  missingPredictions: number;
  /** Rows with a prediction whose label is absent, null, NaN or infinite. */
  missingLabels: number;
  /**
   * Mean over rows, and the sample variance of one row's value (divisor n − 1; null for fewer than two rows): the mean's
   * variance is `variance / n`. With prediction p and label y, of a classification `logLoss` −ln(p) for a yes and
   * −ln(1 − p) for a no, p kept 1e-15 from 0 and 1; `brier` (p − y)²; `error` 1 where p ≥ 0.5 is not y; of a regression
   * `squaredError` (p − y)² and `absoluteError` |p − y|. Without rows there is none.
   */
  metrics: Partial<Record<OutcomeMetric, { mean: number; variance: number | null }>>;
  /**
   * Share of pairs of a yes and a no in which the yes has the higher prediction, ties half; `variance` is that of this
   * estimate (DeLong, DeLong and Clarke-Pearson 1988), null with fewer than two of a class. Null for a regression and
   * when only one class occurs.
   */
  auc: { value: number; variance: number | null } | null;
  /** Rows whose label is a yes; null for a regression. */
  positives: number | null;
}

export interface ArmOutcomes extends OutcomeFigures {
  name: string;
}

/** Predictions of one model over time with what came of them. */
export interface OutcomeWindowsRequest {
  /** Has an event time, by which rows are put into windows. */
  entity: EntityDefinition;
  task: OutcomeTask;
  /** Of a row that several hold, the last counts. */
  predictions: ValueFiles[];
  labels: ValueFiles[];
  /** Rows of these parts only: what a model was evaluated on. */
  parts: PolicyParts | null;
  /** `[from, to)` on the event time, ISO. */
  range: [string, string] | null;
  /** Calendar windows in UTC, weeks from Monday; null takes all rows as one. */
  window: "day" | "week" | "month" | null;
}

export interface OutcomeWindow extends OutcomeFigures {
  /** Begin of the window, ISO; null for all rows as one. */
  from: string | null;
}
