import type { TargetProxy } from "../outcomes/target-proxies";
import { CONSUMER, type ReasonCode, SEARCH, type WarningCode } from "./codes";
import { describeRowSet } from "./describe-row-set";
import { judgeOwnRows, proxiesAmong, type LeakageVerdict } from "./judge-leakage";
import { describeMeasurement } from "./measured-fit";
import type { EstimatorFit, LeakageInput } from "./types";

/** What each reason means, in a sentence that stands alone. */
export const REASON_SENTENCES: Record<ReasonCode, string> = {
  DISJOINT_HASH: "Both use the same hash of a column of the unit, with no bucket in common.",
  DISJOINT_KEYS: "The two ranges of keys do not meet, so no unit is in both.",
  DISJOINT_SPLIT: "Both are parts of one recorded random assignment, with no part in common.",
  DISJOINT_TIME: "The two windows of time do not meet, and time is part of the unit.",
  EMPTY_ROWSET: "No row can meet the conditions of one of the two, so they share none.",
  EXTERNAL_ATTESTED: "It was fitted elsewhere, and somebody attests that the test rows were not used.",
  MEASURED_DISJOINT: "A measurement found no unit in both.",
  NO_FIT_PROVENANCE: "No estimator lies upstream of the features, so no fit there can have seen the test rows.",
  CROSS_DATASET: "The fit and the test read different datasets, whose rows cannot be compared without measuring.",
  EXTERNAL_UNATTESTED: "It was fitted elsewhere, on rows that nobody attested.",
  FIT_UNRECORDED: "The rows it was fitted on were not recorded.",
  HASH_MISMATCH: "The two are split by different hashes, which says nothing about the units they share.",
  MEASUREMENT_INCONCLUSIVE: "A measurement was made, and it proves neither an overlap nor its absence.",
  NONDETERMINISTIC_SPLIT: "The random split was never recorded, and another run may have drawn other rows.",
  NO_COMMON_KEY: "The rows of the fit lack a column of the unit, so shared units cannot be recognised.",
  SPLIT_INCOMPARABLE: "The two are split in ways that cannot be compared.",
  TEMPORAL_UNDECIDED: "The fit or the test has no known limit in time, so looking ahead cannot be excluded.",
  UNIT_NOT_DETERMINED:
    "The rows are apart, but by a column that is not part of the unit: one unit may have rows on both sides.",
  VERSION_DRIFT: "The table is not append-only, so rows of one version say nothing about another.",
  FIT_COVERS_TEST: "Every test row was seen.",
  FIT_OVERLAPS_TEST: "The two overlap, and only a measurement could show that no row lies where they do.",
  INDEPENDENT_HASH_OVERLAP:
    "The two hashes are independent of each other, so with this many test units some were certainly seen.",
  LABEL_HORIZON_OVERLAP: "The labels of its last rows were only known after the first test row.",
  LOOKAHEAD_FIT: "It was fitted on rows later than the first test row.",
  MEASURED_OVERLAP: "A measurement found units in both.",
  TARGET_IN_LINEAGE: "The label is an input of a feature, so the feature gives the answer away.",
};

export const WARNING_SENTENCES: Record<WarningCode, string> = {
  DUPLICATE_ROWS:
    "Some test rows have the same values of all features as a training row, so the model may have memorised them.",
  EVIDENCE_CONFLICT: "A measurement contradicts what the row-sets prove: one of the two was recorded wrongly.",
  IN_SAMPLE_STACKING:
    "A supervised estimator was fitted on the consumer's own training rows, so its values there are better than they will be on new rows.",
  NO_TEST_ROWS: "No test row was scored, so there is no test score.",
  ONE_CLASS_TEST: "All test rows have the same label, so the score says nothing about telling labels apart.",
  OOF_DOES_NOT_PROTECT_TEST:
    "Out-of-fold values keep a row from seeing itself; they do not keep the fit from seeing the test rows.",
  TARGET_PROXY:
    "A feature alone tells the label on validation rows: it may be the label in other words, or be known only after it.",
  TEST_SET_REUSE: "The test rows were scored more often than the limit, so choices may have adapted to them.",
};

/**
 * Plain sentences for people: one entry per reason of the model's own rows and of each upstream estimator (worst first), one
 * for the lineage of the label, one per warning; the reason alone when nothing is upstream.
 */
export function explainVerdict(input: LeakageInput, verdict: LeakageVerdict): string[] {
  const estimators = new Map(input.estimators.map((estimator) => [estimator.id, estimator]));
  const order = ["leak", "unknown", "safe"];
  const findings = Object.entries(verdict.perEstimator)
    .sort(([, one], [, other]) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
    .flatMap(([id, { reasons }]) => {
      const estimator = estimators.get(id);
      return estimator ? reasons.map((reason) => explainFinding(input, estimator, reason)) : [];
    });
  const own = verdict.perEstimator[CONSUMER] ? judgeOwnRows(input) : null;
  const ownRows = (own?.reasons ?? []).map((reason) => explainOwnRows(input, reason));
  const chosen = verdict.perEstimator[SEARCH]?.reasons ?? [];
  const ofSearch = chosen.map((reason) => explainSelection(input, reason));
  const ofTheWhole = verdict.reasons.filter(
    (reason) => reason === "TARGET_IN_LINEAGE" || reason === "NO_FIT_PROVENANCE",
  );
  return [
    ...ofTheWhole.map((reason) => REASON_SENTENCES[reason]),
    ...(own?.verdict === verdict.verdict ? [...ownRows, ...findings] : [...findings, ...ownRows]),
    ...ofSearch,
    ...verdict.warnings.map((warning) => explainWarning(input, warning)),
  ];
}

function explainWarning({ consumer }: LeakageInput, warning: WarningCode): string {
  const { testDuplicates, testScored, testScoredLimit } = consumer;
  if (warning === "TEST_SET_REUSE" && testScored !== undefined && testScoredLimit !== undefined)
    return `The test rows were scored ${testScored} times, by whichever models, and ${testScoredLimit} times is the limit: choices may have adapted to them.`;
  if (warning === "TARGET_PROXY")
    return proxiesAmong(consumer).map(explainProxy).join(" ") || WARNING_SENTENCES[warning];
  if (warning !== "DUPLICATE_ROWS" || !testDuplicates) return WARNING_SENTENCES[warning];
  const { rows, of } = testDuplicates;
  const share = of > 0 ? ` (${percentInWords(rows / of)})` : "";
  return `${rows} of ${of} test rows${share} ${rows === 1 ? "has" : "have"} the same values of all features as a training row, so the model may have memorised them.`;
}

function explainProxy({ feature, measure, value, rows }: TargetProxy): string {
  const figure = `${measure === "auc" ? "an AUC" : "an R²"} of ${floorTo4(value)}`;
  return `\`${feature}\` alone reaches ${figure} on ${rows.toLocaleString("en")} validation rows: it may be the label in other words, or be known only after it.`;
}

/** Never rounded up to a perfect 1. */
const floorTo4 = (value: number) => Math.floor(value * 1e4) / 1e4;

function percentInWords(share: number): string {
  return share < 0.001 ? "< 0.1 %" : `${Number((share * 100).toFixed(1))} %`;
}

function explainFinding(input: LeakageInput, estimator: EstimatorFit, reason: ReasonCode): string {
  const { fit } = estimator;
  const consumer = input.consumer.name === undefined ? "The model" : `\`${input.consumer.name}\``;
  if (fit === null || !Array.isArray(fit)) {
    return `\`${estimator.id}\` comes before ${input.consumer.name === undefined ? "the model" : consumer}. ${REASON_SENTENCES[reason]}`;
  }
  const rows = describeRowSet(fit, input);
  const testRows = describeRowSet(input.consumer.test, input, fit);
  return `\`${estimator.id}\` was fitted on ${rows}. ${consumer} is tested on ${testRows}. ${sentenceOf(input, estimator.id, reason)}`;
}

/** A reason that rests on a measurement says what was measured. */
function sentenceOf({ measurements, consumer }: LeakageInput, id: string, reason: ReasonCode): string {
  const own = measurements.filter(({ estimator }) => estimator === id);
  if (!MEASURED.has(reason) || own.length === 0) return REASON_SENTENCES[reason];
  return own.map((measurement) => describeMeasurement(measurement, consumer.unit)).join(" ");
}

const MEASURED: ReadonlySet<ReasonCode> = new Set([
  "MEASURED_DISJOINT",
  "MEASURED_OVERLAP",
  "MEASUREMENT_INCONCLUSIVE",
]);

function explainSelection(input: LeakageInput, reason: ReasonCode): string {
  const { consumer, ...world } = input;
  const { name, selection = [], test } = consumer;
  const model = name === undefined ? "It" : `\`${name}\``;
  return `The model's parameters were chosen by ${describeRowSet(selection, world)}. ${model} is tested on ${describeRowSet(test, world, selection)}. ${sentenceOf(input, SEARCH, reason)}`;
}

function explainOwnRows(input: LeakageInput, reason: ReasonCode): string {
  const { name, train, test } = input.consumer;
  const model = name === undefined ? "It" : `\`${name}\``;
  const fitted = train === null ? "rows that were not recorded" : describeRowSet(train, input);
  const testRows = describeRowSet(test, input, train ?? undefined);
  return `The model itself was fitted on ${fitted}. ${model} is tested on ${testRows}. ${sentenceOf(input, CONSUMER, reason)}`;
}
