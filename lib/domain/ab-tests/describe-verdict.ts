import type { ArmSample, PairComparison, TestJudgement, TestPlan } from "./judge-test";
import { METRIC_FACTS } from "../definitions/outcome-metrics";
import { SAMPLE_RATIO_ALPHA } from "./sample-ratio";

const whole = new Intl.NumberFormat("en");
const MINUS = "−";

/** The verdict in sentences that name its uncertainty. */
export function describeVerdict(judgement: TestJudgement, arms: readonly ArmSample[], plan: TestPlan): string {
  const { verdict, sampleRatio } = judgement;
  const { label } = METRIC_FACTS[plan.metric];
  const own = judgement.metrics.find(({ metric }) => metric === plan.metric);
  if (verdict.code === "withheld" && sampleRatio) {
    const shares = arms.map(
      (arm, index) =>
        `${arm.name} has ${percent(sampleRatio.found[index] ?? 0)} of the rows instead of ${percent(sampleRatio.expected[index] ?? 0)}`,
    );
    return `No verdict: ${shares.join(", ")} (chi-square test, p ${tiny(sampleRatio.pValue, SAMPLE_RATIO_ALPHA)}). Rows are lost or counted twice in one of the arms; find out why before comparing their ${label}.`;
  }
  if (!own)
    return `Undecided: not every arm has rows with a prediction and a label, so there is no ${label} to compare. Run the arms' predictions on rows whose label is known.`;
  const [first] = own.pairs;
  if (own.pairs.length === 1 && first) return describePair(first, arms, plan);
  const pairs = own.pairs.map((pair) => describePair(pair, arms, plan));
  const head =
    verdict.code === "better"
      ? `${verdict.winner} is better than each of the others.`
      : verdict.code === "no_difference"
        ? `No two arms differ by ${figure(plan.minimumEffect, plan.minimumEffect)} or more.`
        : "Undecided: no arm is better than each of the others.";
  return `${head} ${pairs.join(". ")}${pairs.length > 0 ? "." : ""} Intervals hold for all pairs together; who is better is corrected by Holm's method.`;
}

/** "B's log loss is lower by 0.0021 (95 % interval 0.0012 to 0.0030, n = 251,000 and 250,400): B is better". */
function describePair(pair: PairComparison, arms: readonly ArmSample[], plan: TestPlan): string {
  const { a, b, difference, verdict } = pair;
  const { label } = METRIC_FACTS[plan.metric];
  const n = [a, b].map((name) => whole.format(arms.find((arm) => arm.name === name)?.n ?? 0)).join(" and ");
  if (!difference) return `Too few rows tell how far the ${label} of ${a} and ${b} vary (n = ${n}): undecided`;
  const { value, interval } = difference;
  const lower = value < 0;
  const half = (interval.high - interval.low) / 2;
  const show = (number: number) => figure(number, half);
  // Said in the direction that was found, so that the interval reads as "at least this much, at most that".
  const [from, to] = lower ? [-interval.high, -interval.low] : [interval.low, interval.high];
  const found = `${b}'s ${label} is ${lower ? "lower" : "higher"} by ${show(Math.abs(value))} (${confidence(plan.alpha)} % interval ${show(from)} to ${show(to)}, n = ${n})`;
  const { minimumEffect } = plan;
  switch (verdict) {
    case "a_better":
    case "b_better": {
      const better = verdict === "a_better" ? a : b;
      const small = minimumEffect > 0 && from < minimumEffect;
      return `${found}: ${better} is better${small ? `, though perhaps by less than the ${figure(minimumEffect, minimumEffect)} that would matter` : ""}`;
    }
    case "no_difference":
      return `${found}: no difference of ${figure(minimumEffect, minimumEffect)} or more, which is what would matter`;
    case "undecided":
      return `${found}: undecided, ${from <= 0 ? "the interval includes zero" : "corrected for the number of pairs it may be chance"}`;
  }
}

/** 95 for 0.05; 99.5 for 0.005. */
function confidence(alpha: number): string {
  return String(Number(((1 - alpha) * 100).toFixed(3)));
}

/** With the decimals that two digits of the scale have, whatever the number's own size; never more than ten. */
export function figure(value: number, scale: number): string {
  const decimals =
    scale > 0 && Number.isFinite(scale) ? Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(scale)))) : 4;
  const text = new Intl.NumberFormat("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function tiny(pValue: number, limit: number): string {
  return pValue < limit / 1000 ? `< ${limit / 1000}` : `= ${pValue.toPrecision(2)}`;
}
