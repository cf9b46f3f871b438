import { canonicalJson } from "../canonical-json";
import { headlineMetric } from "../outcomes/headline";
import { MODEL_METRICS } from "../outcomes/model-metrics";
import type { Verdict } from "./codes";
import { policyKey } from "./split-policy";
import type { LeakageInput, RowSet } from "./types";

export interface ScoredVersion {
  version: number;
  verdict: Verdict;
  /** Versions with equal questions computed the same from the same rows and were asked the same: see `questionOf`. */
  question: string;
  /** Of the test part. */
  metrics: Readonly<Record<string, number>>;
}

/** Two versions of a model whose test scores differ by what leaked into one of them. */
export interface ScoreDifference {
  leaking: number;
  honest: number;
  metric: string;
  leakingScore: number;
  honestScore: number;
  /** By how much leakage made the score look better, in the metric's unit; negative where it did not. */
  difference: number;
}

/**
 * What has to be equal for two test scores to differ by leakage alone: what is computed (the signature of the model's fit, which
 * does not know the rows of fits), the label, and the model's own training and test rows with what their policies say. What is
 * left is the rows that estimators upstream were fitted on.
 */
export function questionOf({ consumer, policies }: LeakageInput, signature: string): string {
  const { label, unit, train, test } = consumer;
  return canonicalJson([signature, label ?? null, unit, meaningOf(train ?? [], policies), meaningOf(test, policies)]);
}

/** By what a policy says: another wording of it has another version. */
function meaningOf(rows: RowSet, policies: LeakageInput["policies"]) {
  return rows.map(({ split, ...box }) => [
    box,
    split ? [policies[policyKey(split)] ?? split.policy, split.parts] : null,
  ]);
}

/** Every leaking version with the newest safe one of the same question; those without one, or without a score, are left out. */
export function scoreDifferences(versions: readonly ScoredVersion[]): ScoreDifference[] {
  const newestFirst = [...versions].sort((one, other) => other.version - one.version);
  return newestFirst.flatMap((leaking) => {
    const metric = headlineMetric(leaking.metrics);
    if (leaking.verdict !== "leak" || metric === null) return [];
    const honest = newestFirst.find(
      (one) => one.verdict === "safe" && one.question === leaking.question && one.metrics[metric] !== undefined,
    );
    if (!honest) return [];
    const [leakingScore = NaN, honestScore = NaN] = [leaking.metrics[metric], honest.metrics[metric]];
    const sign = MODEL_METRICS[metric]?.better === "lower" ? -1 : 1;
    return [
      {
        leaking: leaking.version,
        honest: honest.version,
        metric,
        leakingScore,
        honestScore,
        difference: sign * (leakingScore - honestScore),
      },
    ];
  });
}
