import type { EstimatorClass } from "../definitions";
import { SEVERITIES, type ReasonCode, type Severity, type Verdict, type WarningCode } from "./codes";
import { compareBoxes } from "./compare-boxes";
import { NOTHING, findingOf, reasonsOf, verdictOf, type Finding } from "./finding";
import { MICROSECONDS_PER_DAY } from "./instant";
import { buildProvenance } from "./provenance";
import { resolveBox, type ResolvedBox } from "./resolve-box";
import type { Consumer, EstimatorFit, FittedWorld, LeakageInput, Measurement, RowSet } from "./types";
import { weighMeasurements } from "./weigh-measurements";

export interface EstimatorVerdict {
  verdict: Verdict;
  reasons: ReasonCode[];
}

export interface LeakageVerdict extends EstimatorVerdict {
  severity: Severity;
  /** By id, for every estimator upstream of the consumer's features. */
  perEstimator: Record<string, EstimatorVerdict>;
  warnings: WarningCode[];
}

export interface LeakageJudge {
  judge(consumer: Consumer, measurements: readonly Measurement[]): LeakageVerdict;
}

const CLASS_SEVERITY: Record<EstimatorClass, Severity> = {
  statistic: "low",
  unsupervised: "medium",
  selection: "high",
  supervised: "critical",
};

/**
 * Whether an upstream fit has seen the consumer's test rows. Symbolic: row-sets are compared by what defines them, without
 * reading a row; measurements settle what that leaves open. Throws `invalid` for names that the input does not define.
 */
export function judgeLeakage(input: LeakageInput): LeakageVerdict {
  return createLeakageJudge(input).judge(input.consumer, input.measurements);
}

/**
 * The same for many consumers of one world: the graph is indexed and every fit's row-set resolved once; a consumer then
 * costs the edges upstream of it, and one comparison per distinct row-set there.
 */
export function createLeakageJudge(world: FittedWorld): LeakageJudge {
  const { estimators, transformers } = world;
  const provenance = buildProvenance(estimators, transformers);
  const rowSetsByText = new Map<string, ResolvedBox[]>();
  const rowSets: (ResolvedBox[] | undefined)[] = [];
  const resolve = (rowSet: RowSet) => rowSet.map((box) => resolveBox(box, world));
  /** Fits of the same rows share one array, which is then the key under which a consumer remembers its comparison. */
  const resolveFit = (index: number, fit: RowSet) => {
    const known = rowSets[index];
    if (known) return known;
    const text = JSON.stringify(fit);
    const resolved = rowSetsByText.get(text) ?? resolve(fit);
    rowSetsByText.set(text, resolved);
    rowSets[index] = resolved;
    return resolved;
  };

  return {
    judge(consumer, measurements) {
      const test = resolve(consumer.test);
      const train = resolve(consumer.train);
      const unit = new Set(consumer.unit);
      const compareWithTest = remember((fit: ResolvedBox[]) => compareRowSets(fit, test, unit, consumer.testUnits));
      const leaksIntoTrain = remember(
        (fit: ResolvedBox[]) => verdictOf(compareRowSets(fit, train, unit, undefined)) === "leak",
      );
      const evidenceOf = groupByEstimator(measurements);
      const perEstimator = new Map<string, Finding>();
      const warnings = new Set<WarningCode>();
      let worstSeverity = SEVERITIES.indexOf("none");

      for (const index of provenance.estimatorsUpstream(consumer.features)) {
        const estimator = estimators[index];
        if (!estimator) continue;
        const boxes = isRowSet(estimator.fit) ? resolveFit(index, estimator.fit) : null;
        const symbolic = boxes ? compareWithTest(boxes) : findingWithoutRows(estimator.fit);
        const weighed = weighMeasurements(evidenceOf.get(estimator.id) ?? [], consumer.testUnits);
        const rows = weighed ? measured(symbolic, weighed.outcome) : symbolic;
        if (weighed && (weighed.conflicting || contradicts(symbolic, weighed.outcome)))
          warnings.add("EVIDENCE_CONFLICT");

        const finding = rows | (consumer.temporal ? judgeTimes(estimator, boxes, test, rows) : NOTHING);
        perEstimator.set(estimator.id, (perEstimator.get(estimator.id) ?? NOTHING) | finding);
        const leaks = verdictOf(finding) === "leak";
        if (leaks) {
          worstSeverity = Math.max(worstSeverity, SEVERITIES.indexOf(CLASS_SEVERITY[estimator.class]));
          if (estimator.oof) warnings.add("OOF_DOES_NOT_PROTECT_TEST");
        }
        if (estimator.class === "supervised" && !estimator.oof && boxes && leaksIntoTrain(boxes)) {
          warnings.add("IN_SAMPLE_STACKING");
        }
      }

      let overall = perEstimator.size === 0 ? findingOf("NO_FIT_PROVENANCE") : NOTHING;
      for (const finding of perEstimator.values()) overall |= finding;
      if (typeof consumer.label === "string" && provenance.reachesThroughInputs(consumer.features, consumer.label)) {
        overall |= findingOf("TARGET_IN_LINEAGE");
        worstSeverity = SEVERITIES.indexOf("critical");
      }
      if (consumer.testScored !== undefined && consumer.testScored > (consumer.testScoredLimit ?? Infinity)) {
        warnings.add("TEST_SET_REUSE");
      }

      const spell = remember((finding: Finding) => ({ verdict: verdictOf(finding), reasons: reasonsOf(finding) }));
      const toVerdict = (finding: Finding): EstimatorVerdict => {
        const { verdict, reasons } = spell(finding);
        return { verdict, reasons: [...reasons] };
      };
      const verdict = verdictOf(overall);
      return {
        ...toVerdict(overall),
        severity: verdict === "unknown" ? "review" : (SEVERITIES[worstSeverity] ?? "none"),
        perEstimator: Object.fromEntries([...perEstimator].map(([id, finding]) => [id, toVerdict(finding)])),
        warnings: [...warnings].sort(),
      };
    },
  };
}

/** The union over all pairs of boxes. A row-set without a box is empty. */
function compareRowSets(
  fit: readonly ResolvedBox[],
  test: readonly ResolvedBox[],
  unit: ReadonlySet<string>,
  testUnits: number | undefined,
): Finding {
  if (fit.length === 0 || test.length === 0) return findingOf("EMPTY_ROWSET");
  let finding = NOTHING;
  for (const fitBox of fit) for (const testBox of test) finding |= compareBoxes(fitBox, testBox, unit, testUnits);
  return finding;
}

function isRowSet(fit: EstimatorFit["fit"]): fit is RowSet {
  return Array.isArray(fit);
}

function findingWithoutRows(fit: EstimatorFit["fit"]): Finding {
  if (fit === null) return findingOf("FIT_UNRECORDED");
  return findingOf("attested" in fit && fit.attested ? "EXTERNAL_ATTESTED" : "EXTERNAL_UNATTESTED");
}

const isAssumed = (finding: Finding) =>
  verdictOf(finding) === "leak" && reasonsOf(finding).join() === "FIT_OVERLAPS_TEST";

/** A measurement settles what is unknown or only assumed; it does not overrule a proof. */
function measured(symbolic: Finding, outcome: "disjoint" | "overlap" | "inconclusive"): Finding {
  if (verdictOf(symbolic) !== "unknown" && !isAssumed(symbolic)) return symbolic;
  if (outcome === "inconclusive") return symbolic | findingOf("MEASUREMENT_INCONCLUSIVE");
  return findingOf(outcome === "overlap" ? "MEASURED_OVERLAP" : "MEASURED_DISJOINT");
}

function contradicts(symbolic: Finding, outcome: "disjoint" | "overlap" | "inconclusive"): boolean {
  const verdict = verdictOf(symbolic);
  if (verdict === "safe") return outcome === "overlap";
  return verdict === "leak" && !isAssumed(symbolic) && outcome === "disjoint";
}

/**
 * A model that predicts the future must not rest on a fit from the future. Every pair of bounds that is known counts, so
 * that an unbounded box beside a bounded one hides nothing. For a fit whose rows nobody recorded the missing times are
 * part of `FIT_UNRECORDED`, until a measurement settles the rows and leaves the times open.
 */
function judgeTimes(
  estimator: EstimatorFit,
  fit: readonly ResolvedBox[] | null,
  test: readonly ResolvedBox[],
  rows: Finding,
): Finding {
  if (fit === null) return rows === findingOf("MEASURED_DISJOINT") ? findingOf("TEMPORAL_UNDECIDED") : NOTHING;
  const ends = fit.filter((box) => !box.empty).map((box) => box.end);
  const starts = test.filter((box) => !box.empty).map((box) => box.start);
  if (ends.length === 0 || starts.length === 0) return NOTHING;

  const lastFit = Math.max(...ends.filter(Number.isFinite));
  const firstTest = Math.min(...starts.filter(Number.isFinite));
  if (lastFit > firstTest) return findingOf("LOOKAHEAD_FIT");
  const horizon = (estimator.labelHorizonDays ?? 0) * MICROSECONDS_PER_DAY;
  if (estimator.class === "supervised" && lastFit + horizon > firstTest) return findingOf("LABEL_HORIZON_OVERLAP");
  return [...ends, ...starts].every(Number.isFinite) ? NOTHING : findingOf("TEMPORAL_UNDECIDED");
}

function groupByEstimator(measurements: readonly Measurement[]): Map<string, Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const group = groups.get(measurement.estimator);
    if (group) group.push(measurement);
    else groups.set(measurement.estimator, [measurement]);
  }
  return groups;
}

function remember<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
