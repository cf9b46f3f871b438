import type { PLANNED_ACTIONS } from "../leakage/codes";
import { CONSUMER, SEARCH } from "../leakage/codes";
import { canonicalJson } from "../canonical-json";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import { partNames } from "../definitions/split-rule";
import type { StageDefinition } from "../definitions/stage";
import { isoOf, MICROSECONDS_PER_DAY } from "../leakage/instant";
import { type LeakageVerdict } from "../leakage/judge-leakage";
import { resolveBox } from "../leakage/resolve-box";
import type { LeakageInput } from "../leakage/types";

type PlannedAction = (typeof PLANNED_ACTIONS)[number];

/** What differs from the consumer's pipeline; what is left out stays. */
export interface PlanChange {
  /** All stages that are fitted on the consumer's rows, whatever their owners declared. */
  refit?: string[];
  /** Split policy of fit and evaluation. */
  split?: string;
  /** Documents of others that the fix changes: they apply to everybody who uses them. */
  documents?: (SplitPolicyDefinition | StageDefinition)[];
}

/** A remedy that the planner can plan. Whether it helps is for the judge to say, by what is planned. */
export interface ProposedFix {
  action: PlannedAction;
  /** What to do, as an imperative sentence without its full stop. */
  title: string;
  /** Names of the stages whose fits it changes. */
  estimators: string[];
  change: PlanChange;
}

export interface Situation {
  pipeline: PipelineDefinition;
  /** The stages of the planned variant. */
  stages: readonly StageDefinition[];
  splits: readonly SplitPolicyDefinition[];
  /** Name of the workspace's default split policy. */
  defaultSplit: string | null;
  input: LeakageInput;
  verdict: LeakageVerdict;
}

/**
 * The fixes of a verdict that are a change of the plan, in the order in which they should be considered: a fork of the
 * estimators at fault for this consumer alone; the same by the workspace's split policy; an earlier end of their owners' own
 * rows. Empty for a pipeline that is not evaluated and where no estimator upstream is at fault.
 */
export function proposeFixes(situation: Situation): ProposedFix[] {
  const { pipeline, verdict } = situation;
  if (!pipeline.evaluate || verdict.verdict === "safe") return [];
  const atFault = Object.entries(verdict.perEstimator).flatMap(([name, one]) => (one.verdict === "safe" ? [] : [name]));
  const owned = situation.stages.filter(
    ({ name, fit }) => fit !== undefined && atFault.includes(name) && !pipeline.refit?.includes(name),
  );
  const fixes = [refitOnTrain(situation, owned), adoptSplit(situation, owned, atFault), cutFitWindow(situation, owned)];
  return fixes.filter((fix) => fix !== null);
}

type Owned = readonly StageDefinition[];

const named = (stages: Owned) => stages.map(({ name }) => `\`${name}\``).join(" and ");
const namesOf = (stages: Owned) => stages.map(({ name }) => name);
const refitWith = ({ pipeline }: Situation, stages: Owned) => [
  ...new Set([...(pipeline.refit ?? []), ...namesOf(stages)]),
];

/** Owners that declared rows keep theirs for everybody else. */
function refitOnTrain(situation: Situation, owned: Owned): ProposedFix | null {
  if (owned.length === 0 || !situation.pipeline.fit) return null;
  return {
    action: "refit_on_train",
    title: `Refit ${named(owned)} on \`${situation.pipeline.evaluate?.model}\`'s training rows`,
    estimators: namesOf(owned),
    change: { refit: refitWith(situation, owned) },
  };
}

/** Only where the policy has the parts that the pipeline speaks of, so that nobody has to guess which stand for them. */
function adoptSplit(situation: Situation, owned: Owned, atFault: readonly string[]): ProposedFix | null {
  const { pipeline, defaultSplit, splits } = situation;
  const { fit, evaluate } = pipeline;
  const policy = splits.find(({ name }) => name === defaultSplit);
  if (!policy || !evaluate || policy.name === evaluate.split || !fit || !("split" in fit)) return null;
  const wanted = [...fit.parts, ...evaluate.test, ...(evaluate.validation ?? [])];
  const known = partNames(policy);
  if (!wanted.every((part) => known.includes(part))) return null;
  return {
    action: "adopt_split_policy",
    title: `Fit and judge \`${evaluate.model}\` by the workspace's split policy \`${policy.name}\`${owned.length > 0 ? `, and refit ${named(owned)} on its training rows` : ""}`,
    estimators: atFault.filter((name) => name !== CONSUMER && name !== SEARCH),
    change: { split: policy.name, ...(owned.length > 0 && { refit: refitWith(situation, owned) }) },
  };
}

/** A change of the stages themselves, by a time policy that ends at the first test row less the time a label takes. */
function cutFitWindow(situation: Situation, owned: Owned): ProposedFix | null {
  const { input, splits } = situation;
  const cut = owned.filter(({ fit }) => fit && "rows" in fit);
  const columns = new Set(cut.map(({ name }) => timeColumnOf(input, name)));
  const [column] = columns;
  const firstTest = firstTestOf(input);
  if (columns.size !== 1 || !column || firstTest === null) return null;
  const limit = firstTest - horizonOf(input, namesOf(cut)) * MICROSECONDS_PER_DAY;
  const policy = policyBefore(column, limit);
  const known = splits.find(({ name }) => name === policy.name);
  // Another policy of that name says something else.
  if (known && !endsAlike(known, policy)) return null;
  return {
    action: "cut_fit_window",
    title: `Fit ${named(cut)} only on rows before ${isoOf(limit)}, for everybody who reads ${cut.length === 1 ? "it" : "them"}`,
    estimators: namesOf(cut),
    change: {
      documents: [
        ...(known ? [] : [policy]),
        ...cut.map((stage) => ({ ...stage, fit: { split: policy.name, parts: ["before"] } })),
      ],
    },
  };
}

type TimePolicy = Extract<SplitPolicyDefinition, { type: "time" }>;

function policyBefore(column: string, limit: number): TimePolicy {
  const end = new Date(limit / 1000).toISOString();
  return {
    kind: "SplitPolicy",
    name: `before_${isoOf(limit).slice(0, 16).replace(/\D+/g, "_")}`,
    type: "time",
    column,
    parts: { before: [null, end], after: [end, null] },
    description: `Rows before ${isoOf(limit)}, for fits that must not see later ones.`,
  };
}

function endsAlike(known: SplitPolicyDefinition, { column, parts }: TimePolicy): boolean {
  return (
    known.type === "time" &&
    known.column === column &&
    canonicalJson(known.parts.before ?? null) === canonicalJson(parts.before ?? null)
  );
}

/** Days, of the slowest label among supervised estimators. */
function horizonOf({ estimators }: LeakageInput, names: readonly string[]): number {
  const days = estimators
    .filter(({ id, class: kind }) => names.includes(id) && kind === "supervised")
    .map(({ labelHorizonDays }) => labelHorizonDays ?? 0);
  return Math.max(0, ...days);
}

/** Microseconds; null when no test row has a known first moment. */
function firstTestOf(input: LeakageInput): number | null {
  const boxes = input.consumer.test.map((box) => resolveBox(box, input)).filter(({ empty }) => !empty);
  const first = Math.min(...boxes.map(({ start }) => start));
  return Number.isFinite(first) ? first : null;
}

/** The one time column of the rows that an estimator is fitted on; undefined when there is none, or more than one. */
function timeColumnOf({ estimators, datasets }: LeakageInput, name: string): string | undefined {
  const fit = estimators.find(({ id }) => id === name)?.fit;
  if (!Array.isArray(fit)) return undefined;
  const columns = new Set(fit.map((box: { dataset: string }) => datasets[box.dataset]?.timeColumn ?? ""));
  const [column] = columns;
  return columns.size === 1 && column ? column : undefined;
}
