/** The metrics that stand for a task, best known first. */
const HEADLINES = ["auc", "macroF1", "rmse"];

/** Name of the one metric that stands for all: AUC, macro F1 or RMSE, by what is predicted. Null where there is none of them. */
export function headlineMetric(metrics: Readonly<Record<string, number>> | undefined): string | null {
  return HEADLINES.find((one) => metrics?.[one] !== undefined) ?? null;
}
