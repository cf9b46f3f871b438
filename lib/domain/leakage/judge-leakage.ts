import { canonicalJson } from "../canonical-json";
import { isProxyOf } from "../outcomes/target-proxies";
import type { EstimatorClass } from "../definitions/stage";
import { CONSUMER, type ReasonCode, SEARCH, SEVERITIES, type Severity, type Verdict, type WarningCode } from "./codes";
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
  /** By id, for every estimator upstream of the consumer's features; under `CONSUMER` and `SEARCH` what is wrong with the consumer's own rows. */
  perEstimator: Record<string, EstimatorVerdict>;
  warnings: WarningCode[];
}

interface FeatureVerdict extends EstimatorVerdict {
  severity: Severity;
}

export interface LeakageJudge {
  judge(consumer: Consumer, measurements: readonly Measurement[]): LeakageVerdict;
  /**
   * By feature of the consumer: the verdict as if it were the only one. One column of the leakage matrix, in time linear in
   * the edges of the world. Features with the same verdict share one object.
   */
  judgeFeatures(consumer: Consumer, measurements: readonly Measurement[]): Map<string, Readonly<FeatureVerdict>>;
}

const CLASS_SEVERITY: Record<EstimatorClass, Severity> = {
  statistic: "low",
  unsupervised: "medium",
  selection: "high",
  supervised: "critical",
};

/**
 * Whether an upstream fit, or the consumer's own, has seen the consumer's test rows. Symbolic: row-sets are compared by what defines them, without
 * reading a row; measurements settle what that leaves open. Throws `invalid` for names that the input does not define.
 */
export function judgeLeakage(input: LeakageInput): LeakageVerdict {
  return createLeakageJudge(input).judge(input.consumer, input.measurements);
}

/** The verdict on the rows that the consumer was fitted on itself; null when it adds nothing. */
export function judgeOwnRows(input: LeakageInput): EstimatorVerdict | null {
  const alone = { ...input, estimators: [], transformers: [], consumer: { ...input.consumer, features: [] } };
  return judgeLeakage(alone).perEstimator[CONSUMER] ?? null;
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
    const text = canonicalJson(fit);
    const resolved = rowSetsByText.get(text) ?? resolve(fit);
    rowSetsByText.set(text, resolved);
    rowSets[index] = resolved;
    return resolved;
  };

  const textOf = remember(spellRowSet);
  const areSameRows = (one: ResolvedBox[], other: ResolvedBox[]) => textOf(one) === textOf(other);

  const examine = (consumer: Consumer, measurements: readonly Measurement[]): Examination => {
    const test = resolve(consumer.test);
    const train = consumer.train && resolve(consumer.train);
    const unit = new Set(consumer.unit);
    const compareWithTest = remember((fit: ResolvedBox[]) => compareRowSets(fit, test, unit, consumer.testUnits));
    const leaksIntoTrain = remember(
      (fit: ResolvedBox[]) => train !== null && verdictOf(compareRowSets(fit, train, unit, undefined)) === "leak",
    );
    const evidenceOf = groupByEstimator(measurements);
    const warnings = new Set<WarningCode>();
    /** A finding about rows after what was measured about them. */
    const weigh = (id: string, symbolic: Finding): Finding => {
      const weighed = weighMeasurements(evidenceOf.get(id) ?? [], consumer.testUnits);
      if (!weighed) return symbolic;
      if (weighed.conflicting || contradicts(symbolic, weighed.outcome)) warnings.add("EVIDENCE_CONFLICT");
      return measured(symbolic, weighed.outcome);
    };
    /** A proof of disjointness says nothing more than the features do. */
    const judgeOwnRows = (): Finding => {
      if (train?.length === 0) return NOTHING;
      const finding = weigh(CONSUMER, train === null ? findingOf("FIT_UNRECORDED") : compareWithTest(train));
      return verdictOf(finding) === "safe" ? NOTHING : finding;
    };
    const judgeSelection = (): Finding => {
      const { selection = [] } = consumer;
      if (selection.length === 0) return NOTHING;
      const boxes = resolve(selection);
      const rows = weigh(SEARCH, compareWithTest(boxes));
      const finding = rows | (consumer.temporal ? judgeTimes({ class: "selection" }, boxes, test, rows) : NOTHING);
      return verdictOf(finding) === "safe" ? NOTHING : finding;
    };
    const upstream = provenance.estimatorsUpstream(consumer.features).map((index) => {
      const estimator = estimators[index]!;
      const boxes = isRowSet(estimator.fit) ? resolveFit(index, estimator.fit) : null;
      const symbolic = boxes ? compareWithTest(boxes) : findingWithoutRows(estimator.fit);
      const rows = weigh(estimator.id, symbolic);
      const finding = rows | (consumer.temporal ? judgeTimes(estimator, boxes, test, rows) : NOTHING);
      const leaks = verdictOf(finding) === "leak";

      if (estimator.oof && leaks) warnings.add("OOF_DOES_NOT_PROTECT_TEST");
      if (estimator.class === "supervised" && !estimator.oof && boxes && leaksIntoTrain(boxes)) {
        warnings.add("IN_SAMPLE_STACKING");
      }
      return {
        index,
        id: estimator.id,
        finding,
        severities: leaks ? severityBit(CLASS_SEVERITY[estimator.class]) : 0,
        speaksOfOwnRows: boxes !== null && train !== null && verdictOf(finding) !== "safe" && areSameRows(boxes, train),
      };
    });
    if (consumer.testScored !== undefined && consumer.testScored > (consumer.testScoredLimit ?? Infinity)) {
      warnings.add("TEST_SET_REUSE");
    }
    if (consumer.testRows === 0) warnings.add("NO_TEST_ROWS");
    else if (consumer.testClasses === 1) warnings.add("ONE_CLASS_TEST");
    if (proxiesAmong(consumer).length > 0) warnings.add("TARGET_PROXY");
    if (consumer.testDuplicates && consumer.testDuplicates.rows > 0) warnings.add("DUPLICATE_ROWS");
    return { upstream, own: judgeOwnRows(), selection: judgeSelection(), warnings };
  };

  return {
    judge(consumer, measurements) {
      const { upstream, own, selection, warnings } = examine(consumer, measurements);
      const perEstimator = new Map<string, Finding>();
      let overall = NOTHING;
      let severities = 0;
      for (const one of upstream) {
        perEstimator.set(one.id, (perEstimator.get(one.id) ?? NOTHING) | one.finding);
        overall |= one.finding;
        severities |= one.severities;
      }
      if (own !== NOTHING && !(isUndecided(own) && upstream.some((one) => one.speaksOfOwnRows))) {
        perEstimator.set(CONSUMER, (perEstimator.get(CONSUMER) ?? NOTHING) | own);
        overall |= own;
        severities |= ownSeverity(own);
      }
      if (selection !== NOTHING) {
        perEstimator.set(SEARCH, selection);
        overall |= selection;
        severities |= ownSeverity(selection, "selection");
      }
      const readsLabel =
        typeof consumer.label === "string" && provenance.reachesThroughInputs(consumer.features, consumer.label);
      const spell = remember(toVerdict);
      return {
        ...conclude(overall, severities, readsLabel),
        perEstimator: Object.fromEntries([...perEstimator].map(([id, finding]) => [id, copyOf(spell(finding))])),
        warnings: [...warnings].sort(),
      };
    },

    judgeFeatures(consumer, measurements) {
      const { upstream, own, selection } = examine(consumer, measurements);
      const findings = new Int32Array(estimators.length);
      const severities = new Int32Array(estimators.length);
      const speakers = new Int32Array(estimators.length);
      for (const one of upstream) {
        findings[one.index] = one.finding;
        severities[one.index] = one.severities;
        speakers[one.index] = Number(isUndecided(own) && one.speaksOfOwnRows);
      }
      const isSaidUpstream = speakers.includes(1) ? provenance.unionUpstream(speakers) : () => 0;
      const findingOfColumn = provenance.unionUpstream(findings);
      const severitiesOfColumn = provenance.unionUpstream(severities);
      const verdicts = new Map<string, FeatureVerdict>();
      const fromLabel = typeof consumer.label === "string" ? provenance.reachedThroughInputs(consumer.label) : null;
      return new Map(
        consumer.features.map((feature) => {
          const readsLabel = fromLabel?.has(feature) ?? false;
          const ownRows = isSaidUpstream(feature) ? NOTHING : own;
          const finding = findingOfColumn(feature) | ownRows | selection;
          const severity = severitiesOfColumn(feature) | ownSeverity(ownRows) | ownSeverity(selection, "selection");
          const key = `${finding} ${severity} ${readsLabel}`;
          const known = verdicts.get(key) ?? conclude(finding, severity, readsLabel);
          verdicts.set(key, known);
          return [feature, known];
        }),
      );
    },
  };
}

/** The consumer's features that tell the label alone. */
export function proxiesAmong({ features, targetProxies = [] }: Pick<Consumer, "features" | "targetProxies">) {
  return targetProxies.filter((proxy) => features.some((feature) => isProxyOf(proxy, feature)));
}

interface Examination {
  /** In the order of the estimators; `severities` is the bit of its class when it leaks. */
  upstream: {
    index: number;
    id: string;
    finding: Finding;
    severities: number;
    /** Not safe, and fitted on the very rows that the consumer was: an undecided finding about those is not said twice. */
    speaksOfOwnRows: boolean;
  }[];
  /** About the rows that the consumer was fitted on itself; nothing when they are proved apart from the test rows. */
  own: Finding;
  /** The same of the rows that its parameters were chosen by. */
  selection: Finding;
  warnings: Set<WarningCode>;
}

function isUndecided(finding: Finding): boolean {
  return verdictOf(finding) === "unknown";
}

/** One text for row-sets of the same boxes, in whatever order and under whatever names of policies they were given. */
function spellRowSet(boxes: readonly ResolvedBox[]): string {
  const texts = boxes.map(({ dataset, version, times, keys, split }) =>
    canonicalJson([
      dataset,
      version,
      [...times].sort().map(([column, intervals]) => [column, ...intervals.flat().map(String)]),
      keys,
      split?.type === "random"
        ? { policy: split.policy, assignment: split.assignment, parts: [...split.parts].sort() }
        : split && { identity: split.identity, buckets: split.buckets },
    ]),
  );
  return [...new Set(texts)].sort().join("\n");
}

function ownSeverity(own: Finding, learned: EstimatorClass = "supervised"): number {
  return verdictOf(own) === "leak" ? severityBit(CLASS_SEVERITY[learned]) : 0;
}

/** `upstream` is the union of what was found upstream: nothing at all when no estimator is there. */
function conclude(upstream: Finding, severities: number, readsLabel: boolean): FeatureVerdict {
  const fits = upstream === NOTHING ? findingOf("NO_FIT_PROVENANCE") : upstream;
  const finding = readsLabel ? fits | findingOf("TARGET_IN_LINEAGE") : fits;
  const { verdict, reasons } = toVerdict(finding);
  if (verdict !== "leak") return { verdict, reasons, severity: verdict === "unknown" ? "review" : "none" };
  const worst = severities | (readsLabel ? severityBit("critical") : 0);
  return { verdict, reasons, severity: SEVERITIES[31 - Math.clz32(worst)] ?? "critical" };
}

function severityBit(severity: Severity): number {
  return 1 << SEVERITIES.indexOf(severity);
}

function toVerdict(finding: Finding): EstimatorVerdict {
  return { verdict: verdictOf(finding), reasons: reasonsOf(finding) };
}

function copyOf({ verdict, reasons }: EstimatorVerdict): EstimatorVerdict {
  return { verdict, reasons: [...reasons] };
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
  estimator: Pick<EstimatorFit, "class" | "labelHorizonDays">,
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
