import type { AbComparison } from "@/lib/contracts/ab-tests";
import { describeVerdict } from "@/lib/domain/ab-tests/describe-verdict";
import { type ArmSample, judgeTest, type TestPlan } from "@/lib/domain/ab-tests/judge-test";
import { METRIC_FACTS, OUTCOME_METRICS, type OutcomeMetricName } from "@/lib/domain/definitions/outcome-metrics";
import { countBuckets } from "@/lib/domain/ab-tests/sample-ratio";
import { DomainError } from "@/lib/domain/errors";
import type { ArmOutcomes } from "@/lib/domain/outcomes/outcomes";
import type { Engine } from "@/lib/engines/engine";
import { beginEvaluation, endEvaluation, loadComparison } from "@/lib/registry/experiments/ab-test-evaluation";
import type { ArmPredictions, TestPredictions } from "@/lib/registry/experiments/ab-test-predictions";
import type { AbTestRow, HashPolicy } from "@/lib/registry/experiments/ab-test-row";

/** A larger share of rows without a prediction is worth a warning. */
const MANY_MISSING = 0.01;

/**
 * Compares the arms of a test as they are now and keeps the verdict. What cannot be compared is kept as a failed evaluation,
 * with its reason; the comparison before it stays. Rejects only when the registry cannot be reached.
 */
export async function evaluateAbTest({ testId }: { testId: string }, engine: Engine): Promise<void> {
  if (!(await beginEvaluation(testId))) return;
  try {
    await endEvaluation(testId, { comparison: await compare(testId, engine) });
  } catch (error) {
    await endEvaluation(testId, { message: error instanceof Error ? error.message : String(error) });
  }
}

async function compare(testId: string, engine: Engine): Promise<AbComparison> {
  const { test, predictions: found, policy, entity, label } = await loadComparison(testId);
  const metric = test.metric as OutcomeMetricName;
  const outcomes = await engine.compareOutcomes({
    entity,
    task: METRIC_FACTS[metric].task,
    label: { files: label.files, column: label.column, ...(label.source && { source: label.source }) },
    policy,
    arms: test.arms.map(({ name, parts }, index) => {
      const { files, column } = found.arms[index] as ArmPredictions;
      return { name, parts, files, column };
    }),
    window: commonWindow(found),
  });
  const plan: TestPlan = {
    metric,
    alpha: test.alpha,
    minimumEffect: test.minimumEffect,
    rowIsUnit: entity.joinKeys.length === 1 && entity.joinKeys[0]?.name === policy.key,
  };
  const samples = outcomes.map((arm, index) => toSample(arm, test, index, policy));
  const judgement = judgeTest(samples, plan);
  return {
    evaluatedAt: new Date().toISOString(),
    environment: found.environment,
    sentence: describeVerdict(judgement, samples, plan),
    verdict: judgement.verdict,
    sampleRatio: judgement.sampleRatio,
    arms: outcomes.map(({ name, n, missingPredictions, missingLabels, positives }, index) => {
      const { dataset, versions, modelVersions, leak } = found.arms[index] as ArmPredictions;
      return { name, n, missingPredictions, missingLabels, positives, dataset, versions, modelVersions, leak };
    }),
    label: { dataset: label.dataset, version: label.version },
    metrics: judgement.metrics,
    warnings: warningsOf(test, found, outcomes, plan, policy),
  };
}

/** The event times that every arm has predicted: what only one has seen says nothing about the other. */
function commonWindow({ arms }: TestPredictions): [string, string] | null {
  const times = arms.flatMap(({ time }) => (time ? [time] : []));
  if (times.length === 0) return null;
  const from = Math.max(...times.map(([first]) => Number(first)));
  const to = Math.min(...times.map(([, last]) => Number(last)));
  if (from > to)
    throw new DomainError(
      "invalid",
      `The arms predicted rows of different times: ${arms.map(({ dataset, time }) => `${dataset} from ${time?.[0].toISOString()} to ${time?.[1].toISOString()}`).join(", ")}. Run their jobs over the same window.`,
    );
  // A window's end is the first moment after it.
  return [new Date(from).toISOString(), new Date(to + 1).toISOString()];
}

function toSample(arm: ArmOutcomes, test: AbTestRow, index: number, policy: HashPolicy): ArmSample {
  const { name, n, missingPredictions, missingLabels, metrics, auc } = arm;
  const figures: ArmSample["figures"] = {};
  for (const metric of OUTCOME_METRICS) {
    const figure = metric === "auc" ? auc && { mean: auc.value, variance: auc.variance } : metrics[metric];
    if (figure) figures[metric] = { n, value: figure.mean, variance: figure.variance };
  }
  const buckets = countBuckets(policy.parts, test.arms[index]?.parts ?? []);
  return { name, buckets, n, missingPredictions, missingLabels, figures };
}

function warningsOf(
  test: AbTestRow,
  { arms }: TestPredictions,
  outcomes: ArmOutcomes[],
  plan: TestPlan,
  policy: HashPolicy,
): string[] {
  const warnings = test.arms.flatMap(({ name }, index): string[] => {
    const { leak, modelVersions } = arms[index] as ArmPredictions;
    const { n, missingPredictions } = outcomes[index] as ArmOutcomes;
    const missing = missingPredictions / Math.max(1, n + missingPredictions);
    return [
      ...(leak
        ? [
            `The model behind ${name} has seen rows like those that it is judged on (its leakage verdict is leak), so that its figures may flatter it.`,
          ]
        : []),
      ...(modelVersions.length > 1
        ? [`The rows of ${name} were predicted by ${modelVersions.length} versions of its model.`]
        : []),
      ...(missing > MANY_MISSING ? [`${(missing * 100).toFixed(1)} % of the rows of ${name} have no prediction.`] : []),
    ];
  });
  if (!plan.rowIsUnit)
    warnings.push(
      `Rows are assigned by ${policy.key}, which many rows share. Rows of one ${policy.key} are alike, so that the true intervals are wider than those shown.`,
    );
  return warnings;
}
