/** What of a verdict a count of shared units can settle, and what it cannot. */
import { canonicalJson } from "../canonical-json";
import { CONSUMER, type MeasuredScope, type ReasonCode, SEARCH, type Verdict } from "./codes";
import { type EstimatorVerdict, judgeLeakage, judgeOwnRows } from "./judge-leakage";
import { listInWords } from "./list-in-words";
import { policyKey, ruleOf } from "./split-policy";
import { type Box, type Fit, type LeakageInput, type Measurement, PLANNED_ASSIGNMENT, type RowSet } from "./types";

export interface Measurable {
  /** Fits whose units are compared with those of the test rows. */
  asked: { estimator: string; fit: RowSet }[];
  /** What stays undecided whatever is counted, and why, in a sentence. */
  refused: { estimator: string; reason: string }[];
}

/** Undecided for another reason than which units there are. */
const OF_NO_ROWS: ReadonlySet<ReasonCode> = new Set(["TEMPORAL_UNDECIDED", "EXTERNAL_ATTESTED"]);

/**
 * The fits upstream of a consumer, its own and the choice of its parameters, as far as a count of the units that they share with its test
 * rows says something. What was measured before does not matter.
 */
export function findMeasurable(input: LeakageInput, scope: MeasuredScope): Measurable {
  const { consumer } = input;
  const symbolic = { ...input, measurements: [] };
  const { perEstimator } = judgeLeakage(symbolic);
  // What an estimator upstream says of the same rows is not said of the model again, and yet has to be counted for it.
  const own = judgeOwnRows(symbolic);
  const fits: [estimator: string, fit: Fit][] = [
    ...input.estimators.flatMap(({ id, fit }): [string, Fit][] => (perEstimator[id] ? [[id, fit]] : [])),
    ...ownFits(input),
  ];
  const answer: Measurable = { asked: [], refused: [] };
  for (const [estimator, fit] of fits) {
    const found = (estimator === CONSUMER ? own : perEstimator[estimator]) ?? SAFE;
    if (scope === "undecided" && !isUndecided(found)) continue;
    const reason = whyNot(fit, input);
    if (reason === null) answer.asked.push({ estimator, fit: fit as RowSet });
    else if (found.verdict === "unknown") answer.refused.push({ estimator, reason });
  }
  if (consumer.test.length === 0) return { asked: [], refused: answer.refused };
  return answer;
}

const SAFE: EstimatorVerdict = { verdict: "safe", reasons: [] };

function ownFits({ consumer: { train, selection } }: LeakageInput): [string, Fit][] {
  return [
    ...(train === null || train.length > 0 ? [[CONSUMER, train] as [string, Fit]] : []),
    ...(selection && selection.length > 0 ? [[SEARCH, selection] as [string, Fit]] : []),
  ];
}

/** Unknown, or a leak that is only assumed. */
function isUndecided({ verdict, reasons }: { verdict: Verdict; reasons: readonly ReasonCode[] }): boolean {
  if (verdict === "unknown") return reasons.some((reason) => !OF_NO_ROWS.has(reason));
  return reasons.includes("FIT_OVERLAPS_TEST");
}

function whyNot(fit: Fit, { consumer: { unit, test }, datasets, policies }: LeakageInput): string | null {
  if (fit === null) return "Nobody recorded the rows that it was fitted on, so there is nothing to count.";
  if ("external" in fit) return "It was fitted elsewhere, on rows that are not here to be counted.";
  if (unit.length === 0) return "The model names no unit, so that nothing says which rows count as the same.";
  const lacking = [...new Set([...fit, ...test].map(({ dataset }) => dataset))].flatMap((dataset) => {
    const without = unit.filter((column) => !datasets[dataset]?.columns.includes(column));
    return without.length > 0 ? [`${dataset} has no ${listInWords(without)}`] : [];
  });
  if (lacking.length > 0) return `Units cannot be recognised: ${listInWords(lacking)}.`;
  for (const { split } of [...fit, ...test]) {
    const reason = split && whyNotSplit(split, policies);
    if (reason) return reason;
  }
  return null;
}

function whyNotSplit(split: NonNullable<Box["split"]>, policies: LeakageInput["policies"]): string | null {
  const policy = policies[policyKey(split)];
  if (!policy || ruleOf(policy) === null)
    return `Split policy ${split.policy} is of another system, which alone can tell its rows.`;
  if (policy.type !== "random" || (split.assignment !== undefined && split.assignment !== PLANNED_ASSIGNMENT))
    return null;
  return `Nobody recorded which rows split policy ${split.policy} drew, and another draw says nothing about that one.`;
}

/** Measurements of an earlier consumer that hold for this one too: the same units of the same rows on both sides. */
export function measurementsThatHold(earlier: LeakageInput, now: LeakageInput): Measurement[] {
  const fitOf = (input: LeakageInput, id: string): Fit | undefined => {
    if (id === CONSUMER) return input.consumer.train;
    if (id === SEARCH) return input.consumer.selection;
    return input.estimators.find((estimator) => estimator.id === id)?.fit;
  };
  const pairOf = (input: LeakageInput, id: string) => {
    const fit = fitOf(input, id);
    if (!Array.isArray(fit)) return null;
    const { unit, test } = input.consumer;
    const used = [...(fit as RowSet), ...test].flatMap(({ split }) => (split ? [policyKey(split)] : []));
    return canonicalJson({ fit, test, unit, policies: used.map((key) => input.policies[key] ?? null) });
  };
  return earlier.measurements.filter(({ estimator }) => {
    const pair = pairOf(now, estimator);
    return pair !== null && pair === pairOf(earlier, estimator);
  });
}
