import { type Difference, differenceOf } from "../statistics/difference";
import { type MeasuredFigure, intervalOf } from "../statistics/interval-of";
import { type Interval } from "../statistics/wilson";
import { holm } from "../statistics/holm";
import { METRIC_FACTS, OUTCOME_METRICS, type OutcomeMetricName } from "../definitions/outcome-metrics";
import { checkSampleRatio, type SampleRatio } from "./sample-ratio";

/** What the engine found out about one arm's rows. */
export interface ArmSample {
  name: string;
  /** Buckets of the policy that are the arm's. */
  buckets: number;
  /** Rows with a prediction and a label. */
  n: number;
  missingPredictions: number;
  missingLabels: number;
  figures: Partial<Record<OutcomeMetricName, MeasuredFigure>>;
}

export interface TestPlan {
  metric: OutcomeMetricName;
  /** 1 − confidence. */
  alpha: number;
  /** In the metric's unit. */
  minimumEffect: number;
  /** False when many rows share a key of the policy: their number then says nothing about the assignment. */
  rowIsUnit: boolean;
}

/** Of a pair: which of the two is better, that neither is by what would matter, or that it cannot be told yet. */
type PairVerdict = "a_better" | "b_better" | "no_difference" | "undecided";

export interface PairComparison {
  /** Names of the arms. */
  a: string;
  b: string;
  /** b's metric minus a's; null when there are too few rows. The interval is at 1 − alpha over all pairs together. */
  difference: Difference | null;
  /** Holm's correction of the difference's; the difference's own for two arms. */
  correctedP: number | null;
  verdict: PairVerdict;
}

interface MetricResult {
  metric: OutcomeMetricName;
  arms: { name: string; value: number; interval: Interval | null }[];
  pairs: PairComparison[];
}

type TestVerdict =
  | { code: "better"; winner: string }
  | { code: "no_difference"; winner: null }
  | { code: "undecided"; winner: null }
  /** The rows are not in the shares of the policy: whatever the metrics say, it is not about the arms. */
  | { code: "withheld"; winner: null };

export interface TestJudgement {
  verdict: TestVerdict;
  sampleRatio: SampleRatio | null;
  /** The test's own metric first; only those that every arm has. */
  metrics: MetricResult[];
}

/**
 * Judges arms by the test's metric, and shows the others. With more than two arms every pair is compared: intervals hold for
 * all pairs together (Bonferroni), and who is better is decided by Holm's correction, which is never less powerful. The
 * other metrics are for understanding and decide nothing, so nothing is corrected for them.
 */
export function judgeTest(arms: readonly ArmSample[], plan: TestPlan): TestJudgement {
  const metrics = [plan.metric, ...OUTCOME_METRICS.filter((name) => name !== plan.metric)]
    .filter((metric) => arms.every((arm) => arm.figures[metric] !== undefined))
    .map((metric) => judgeMetric(arms, metric, plan));
  const sampleRatio = plan.rowIsUnit
    ? checkSampleRatio(
        arms.map((arm) => arm.n),
        arms.map((arm) => arm.buckets),
      )
    : null;
  const own = metrics.find(({ metric }) => metric === plan.metric);
  const verdict: TestVerdict = !own
    ? { code: "undecided", winner: null }
    : sampleRatio?.mismatch
      ? { code: "withheld", winner: null }
      : overall(own.pairs, arms);
  return { verdict, sampleRatio, metrics };
}

function judgeMetric(arms: readonly ArmSample[], metric: OutcomeMetricName, plan: TestPlan): MetricResult {
  const { kind, lowerIsBetter } = METRIC_FACTS[metric];
  const figureOf = (arm: ArmSample) => arm.figures[metric] as MeasuredFigure;
  const pairs = arms.flatMap((a, index) => arms.slice(index + 1).map((b) => [a, b] as const));
  const differences = pairs.map(([a, b]) => differenceOf(figureOf(a), figureOf(b), kind, plan.alpha / pairs.length));
  // A pair that nothing is known of takes part in the correction as one without a difference.
  const corrected = holm(differences.map((difference) => difference?.pValue ?? 1));
  // What matters is said in the unit of the test's metric only.
  const minimumEffect = metric === plan.metric ? plan.minimumEffect : 0;
  return {
    metric,
    arms: arms.map((arm) => {
      const figure = figureOf(arm);
      return { name: arm.name, value: figure.value, interval: intervalOf(figure, kind, plan.alpha) };
    }),
    pairs: pairs.map(([a, b], index) => {
      const difference = differences[index] ?? null;
      const correctedP = difference && (corrected[index] as number);
      return {
        a: a.name,
        b: b.name,
        difference,
        correctedP,
        verdict: judgePair(difference, correctedP, { alpha: plan.alpha, minimumEffect, lowerIsBetter }),
      };
    }),
  };
}

/** An interval within ± the minimum effect says "no difference that matters", also where it leaves zero out. */
function judgePair(
  difference: Difference | null,
  correctedP: number | null,
  { alpha, minimumEffect, lowerIsBetter }: { alpha: number; minimumEffect: number; lowerIsBetter: boolean },
): PairVerdict {
  if (!difference || correctedP === null) return "undecided";
  const { low, high } = difference.interval;
  if (minimumEffect > 0 && low >= -minimumEffect && high <= minimumEffect) return "no_difference";
  if (correctedP >= alpha) return "undecided";
  return difference.value < 0 === lowerIsBetter ? "b_better" : "a_better";
}

/** An arm wins that is better than each of the others. */
function overall(pairs: readonly PairComparison[], arms: readonly ArmSample[]): TestVerdict {
  const winner = arms.find(({ name }) =>
    pairs.every(
      ({ a, b, verdict }) => (a !== name && b !== name) || verdict === (a === name ? "a_better" : "b_better"),
    ),
  );
  if (winner && pairs.length > 0) return { code: "better", winner: winner.name };
  return pairs.every(({ verdict }) => verdict === "no_difference")
    ? { code: "no_difference", winner: null }
    : { code: "undecided", winner: null };
}
