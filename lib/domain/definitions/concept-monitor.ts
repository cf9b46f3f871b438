import type { OutcomeMetricName } from "./outcome-metrics";
import type { Documented } from "./documented";

/** Metrics of a concept monitor as a spec writes them → as figures are named. */
export const CONCEPT_METRICS = {
  log_loss: "logLoss",
  brier: "brier",
  error: "error",
  auc: "auc",
  squared_error: "squaredError",
  absolute_error: "absoluteError",
} as const satisfies Record<string, OutcomeMetricName>;

export type ConceptMetric = keyof typeof CONCEPT_METRICS;
export const CONCEPT_METRIC_NAMES = Object.keys(CONCEPT_METRICS) as [ConceptMetric, ...ConceptMetric[]];

export const CONCEPT_WINDOWS = ["day", "week", "month"] as const;
type ConceptWindow = (typeof CONCEPT_WINDOWS)[number];

/** Which predictions are judged: those under an alias of the model. What services logged counts as production. */
export const CONCEPT_ENVIRONMENTS = ["staging", "production"] as const;
type ConceptEnvironment = (typeof CONCEPT_ENVIRONMENTS)[number];

/** p-values from which a window is worse than the evaluation period. */
const CONCEPT_THRESHOLDS = { warn: 0.05, critical: 0.01 } as const;

/** Watches whether a model's predictions still come true as they did when it was evaluated. */
export interface ConceptMonitorDefinition extends Documented {
  kind: "Monitor";
  name: string;
  drift: "concept";
  model: string;
  /** Default production. */
  environment?: ConceptEnvironment;
  metric: ConceptMetric;
  /** Calendar windows in UTC, weeks from Monday. */
  window: ConceptWindow;
  /** The evaluation period: `[from, to)`, ISO; left out, the test part of the model version that predicts. */
  reference?: { window: [string, string] };
  /** p-values; default 0.05 and 0.01. */
  warn?: number;
  critical?: number;
  /** A window that is worse by less than this, in the metric's unit, alarms nobody; default 0. */
  minEffect?: number;
  /** Rows with prediction and outcome that a window needs; default 30. */
  minRows?: number;
  /** Alarming windows in a row before an alert opens; default 1. */
  after?: number;
  /** Five-field cron in UTC; without it the monitor is evaluated after predict runs and when outcomes are logged. */
  schedule?: string;
  /** The deployment whose fit job an alert starts, once. */
  onAlert?: { fit: string };
}

export function isConceptMonitor(definition: unknown): definition is ConceptMonitorDefinition {
  return (definition as Partial<ConceptMonitorDefinition> | null)?.drift === "concept";
}

export function conceptThresholds({ warn, critical }: Pick<ConceptMonitorDefinition, "warn" | "critical">) {
  const { warn: mild, critical: severe } = CONCEPT_THRESHOLDS;
  return { warn: warn ?? mild, critical: critical ?? Math.min(severe, warn ?? mild) };
}
