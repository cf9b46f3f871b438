import type { ReasonCode, Severity, Verdict, WarningCode } from "./codes";
import { explainVerdict } from "./explain-verdict";
import { createLeakageJudge, type LeakageVerdict } from "./judge-leakage";
import type { LeakageInput } from "./types";

/** The verdict as if the feature were the only one that the consumer reads. */
export interface JudgedFeature {
  feature: string;
  verdict: Verdict;
  severity: Severity;
  reasons: ReasonCode[];
  warnings: WarningCode[];
  perEstimator: LeakageVerdict["perEstimator"];
  /** Sentences for people. */
  explanation: string[];
}

/** Every feature of the consumer on its own, in its order. */
export function judgeEachFeature(input: LeakageInput): JudgedFeature[] {
  const judge = createLeakageJudge(input);
  return input.consumer.features.map((feature) => {
    const consumer = { ...input.consumer, features: [feature] };
    const verdict = judge.judge(consumer, input.measurements);
    return { feature, ...verdict, explanation: explainVerdict({ ...input, consumer }, verdict) };
  });
}
