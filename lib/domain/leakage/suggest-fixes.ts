import { CONSUMER, type FixAction, type ReasonCode, SEARCH, VERDICTS } from "./codes";
import { isoOf, MICROSECONDS_PER_DAY } from "./instant";
import { judgeLeakage, judgeOwnRows, type LeakageVerdict } from "./judge-leakage";
import { resolveBox } from "./resolve-box";
import type { Box, EstimatorFit, Fit, LeakageInput } from "./types";

export interface Fix {
  action: FixAction;
  /** What to do, as an imperative sentence without its full stop. */
  title: string;
  /** Id of the estimator it changes, when it changes one. */
  estimator?: string;
  /** The rows the estimator would be fitted on, when the fix can be planned. */
  fit?: Fit;
  /** The verdict the fix would give, when that can be known beforehand. */
  verdictAfter?: LeakageVerdict;
}

/** Advice that needs somebody's decision or a measurement, hence without a verdict. */
const ADVICE: Partial<Record<ReasonCode, [FixAction, (subject: string) => string][]>> = {
  FIT_OVERLAPS_TEST: [["measure", (subject) => `Count the units that the fit of ${subject} shares with the test rows`]],
  HASH_MISMATCH: [
    ["adopt_split_policy", (subject) => `Fit ${subject} by the workspace's split policy`],
    ["measure", (subject) => `Count the units that the fit of ${subject} shares with the test rows`],
  ],
  INDEPENDENT_HASH_OVERLAP: [["adopt_split_policy", (subject) => `Fit ${subject} by the workspace's split policy`]],
  SPLIT_INCOMPARABLE: [
    ["adopt_split_policy", (subject) => `Fit ${subject} by the workspace's split policy`],
    ["measure", (subject) => `Count the units that the fit of ${subject} shares with the test rows`],
  ],
  UNIT_NOT_DETERMINED: [
    ["resplit_by_unit", () => "Split by the unit, so that all its rows are on one side"],
    ["measure", (subject) => `Count the units that the fit of ${subject} shares with the test rows`],
  ],
  NONDETERMINISTIC_SPLIT: [
    ["materialise_split", () => "Write the random split down, and fit and test by what was written"],
  ],
  CROSS_DATASET: [["measure", (subject) => `Count the units that the fit of ${subject} shares with the test rows`]],
  VERSION_DRIFT: [["measure", (subject) => `Count the units that the fit of ${subject} shares with the test rows`]],
  MEASUREMENT_INCONCLUSIVE: [
    ["measure", (subject) => `Count exactly the units that the fit of ${subject} shares with the test rows`],
  ],
  FIT_UNRECORDED: [["record_fit_rows", (subject) => `Record the rows that ${subject} was fitted on`]],
  EXTERNAL_UNATTESTED: [
    ["record_fit_rows", (subject) => `Have somebody attest the rows that ${subject} was fitted on`],
  ],
};

/**
 * What would make the verdict better. Fixes that can be planned come first for each estimator and carry the verdict they
 * would give, judged with that estimator's fit replaced; those that would improve nothing are left out. Empty when there is
 * nothing to fix.
 */
export function suggestFixes(input: LeakageInput, verdict: LeakageVerdict): Fix[] {
  const fixes: Fix[] = [];
  if (verdict.reasons.includes("TARGET_IN_LINEAGE")) {
    fixes.push({
      action: "remove_target",
      title: `Remove the features that read the label \`${input.consumer.label ?? ""}\``,
    });
  }
  for (const estimator of input.estimators) {
    const finding = verdict.perEstimator[estimator.id];
    if (!finding) continue;
    fixes.push(...plannedFixes(input, estimator).filter((fix) => isBetter(fix.verdictAfter, verdict, estimator.id)));
    if (finding.verdict !== "safe") fixes.push(...adviceFor(estimator.id, `\`${estimator.id}\``, finding.reasons));
  }
  return [...fixes, ...adviceForOwnRows(input, verdict), ...adviceForSelection(input, verdict)];
}

/** Which rows parameters are chosen by is the owner's decision too. */
function adviceForSelection(input: LeakageInput, verdict: LeakageVerdict): Fix[] {
  const found = verdict.perEstimator[SEARCH];
  if (!found) return [];
  const model = input.consumer.name === undefined ? "the model" : `\`${input.consumer.name}\``;
  const advice = adviceFor(SEARCH, `the parameters of ${model}`, found.reasons);
  if (found.verdict !== "leak") return advice;
  return [
    { action: "hold_out_test_rows", title: `Choose the parameters of ${model} without the test rows` },
    ...advice,
  ];
}

/** Which rows the model keeps for its test is its owner's decision. */
function adviceForOwnRows(input: LeakageInput, verdict: LeakageVerdict): Fix[] {
  const own = verdict.perEstimator[CONSUMER] ? judgeOwnRows(input) : null;
  if (!own) return [];
  const model = input.consumer.name === undefined ? "the model" : `\`${input.consumer.name}\``;
  const advice = adviceFor(CONSUMER, model, own.reasons);
  if (own.verdict !== "leak") return advice;
  return [{ action: "hold_out_test_rows", title: `Fit ${model} itself without the test rows` }, ...advice];
}

type PlannedFix = Fix & { verdictAfter: LeakageVerdict };

function plannedFixes(input: LeakageInput, estimator: EstimatorFit): PlannedFix[] {
  const { id } = estimator;
  const plan = (action: FixAction, title: string, fit: readonly Box[], oof?: boolean): PlannedFix => {
    const verdictAfter = judgeLeakage(withFit(input, { ...estimator, fit, ...(oof && { oof }) }));
    return { action, title, estimator: id, fit, verdictAfter };
  };
  const fixes: PlannedFix[] = [];
  const { train } = input.consumer;
  if (train !== null && train.length > 0) {
    const consumer = input.consumer.name === undefined ? "the model's" : `\`${input.consumer.name}\`'s`;
    fixes.push(plan("refit_on_train", `Refit \`${id}\` on ${consumer} training rows`, train));
    if (estimator.class === "supervised" && !estimator.oof) {
      const title = `Refit \`${id}\` out of fold on ${consumer} training rows`;
      fixes.push(plan("refit_out_of_fold", title, train, true));
    }
  }
  const cut = cutBeforeTest(input, estimator);
  if (cut) fixes.push(plan("cut_fit_window", `Fit \`${id}\` only on rows before ${cut.before}`, cut.fit));
  return fixes;
}

/** Whether the estimator's own verdict improves, or a warning goes while the verdict stays. */
function isBetter(after: LeakageVerdict, before: LeakageVerdict, id: string): boolean {
  const rank = ({ perEstimator }: LeakageVerdict) => VERDICTS.indexOf(perEstimator[id]?.verdict ?? "safe");
  if (rank(after) !== rank(before)) return rank(after) < rank(before);
  return rank(before) === 0 && after.warnings.length < before.warnings.length;
}

function adviceFor(id: string, subject: string, reasons: readonly ReasonCode[]): Fix[] {
  const byAction = new Map<FixAction, Fix>();
  for (const reason of reasons) {
    for (const [action, title] of ADVICE[reason] ?? [])
      byAction.set(action, { action, title: title(subject), estimator: id });
  }
  return [...byAction.values()];
}

/** A measurement counted the rows of the old fit, so it says nothing about the new one. */
function withFit(input: LeakageInput, estimator: EstimatorFit): LeakageInput {
  return {
    ...input,
    estimators: input.estimators.map((other) => (other.id === estimator.id ? estimator : other)),
    measurements: input.measurements.filter((measurement) => measurement.estimator !== estimator.id),
  };
}

/** The fit's own boxes, ended at the first test row less the time a label takes; null where that changes nothing. */
function cutBeforeTest(input: LeakageInput, estimator: EstimatorFit): { before: string; fit: Box[] } | null {
  if (!isRowSet(estimator.fit)) return null;
  const tests = input.consumer.test.map((box) => resolveBox(box, input)).filter((box) => !box.empty);
  const firstTest = Math.min(...tests.map((box) => box.start));
  if (!Number.isFinite(firstTest)) return null;
  const horizon = estimator.class === "supervised" ? (estimator.labelHorizonDays ?? 0) : 0;
  const limit = firstTest - horizon * MICROSECONDS_PER_DAY;
  const before = isoOf(limit);

  let isCut = false;
  const fit = estimator.fit.flatMap((box): Box[] => {
    const resolved = resolveBox(box, input);
    if (resolved.empty || resolved.end <= limit) return [box];
    isCut = true;
    return resolved.start >= limit ? [] : [{ ...box, time: [box.time?.[0] ?? null, before] }];
  });
  return isCut && fit.length > 0 ? { before, fit } : null;
}

function isRowSet(fit: Fit): fit is readonly Box[] {
  return Array.isArray(fit);
}
