import { metricInWords } from "@/components/runs/figures";
import type { ScoreDifference } from "@/lib/contracts/models";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";

/** "AUC 0.8400 leaking, 0.7100 honest: leakage made 0.1300."; of an error, how much of it leakage hid. */
export function differenceInWords({ metric, leakingScore, honestScore, difference }: ScoreDifference): string {
  const { label = metric, better } = MODEL_METRICS[metric] ?? {};
  const scores = `${label} ${metricInWords(metric, leakingScore)} leaking, ${metricInWords(metric, honestScore)} honest`;
  if (difference <= 0) return `${scores}: leakage made the score no better.`;
  return `${scores}: leakage ${better === "lower" ? "hid" : "made"} ${metricInWords(metric, difference)}.`;
}
