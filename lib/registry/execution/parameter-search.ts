import { signatures } from "@/lib/domain/plans/instances";
import { DomainError } from "@/lib/domain/errors";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";
import { summariseFolds } from "@/lib/domain/plans/cross-validation";
import { searchedBy, searchedParts, searchTrials } from "@/lib/domain/plans/parameter-search";
import { type TrialParams, withTrial } from "@/lib/domain/plans/trials";
import type { SearchResult, SearchTrial } from "@/lib/domain/runs/parameter-search";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { behaviourOf } from "@/lib/domain/specs/stage-behaviour";
import { digestOf, sha256 } from "../record-event";
import { type FoldPlan, planFolds } from "./cross-validation";
import type { RunContext } from "./run-context";
import { buildRunPlan, type ResolvedSource, type RunPlan } from "./run-plan";
import { scoringOnly } from "./scoring-plan";

/** A trial with the run as it would be with its parameters. */
export interface PlannedTrial {
  /** From 1. */
  number: number;
  params: TrialParams;
  context: RunContext;
}

/** Every trial of a run that searches; none of a run that copies values. */
export function trialsOfRun(context: RunContext): PlannedTrial[] {
  const { search } = context.pipeline;
  if (!search || context.run.kind === "materialise") return [];
  return searchTrials(search, (name) => context.stages.get(name)?.definition).map((params, index) => ({
    number: index + 1,
    params,
    context: withParams(context, params),
  }));
}

/** The run with other parameters: the stages that they are of compute something else, and so does all that follows. */
function withParams(context: RunContext, params: TrialParams): RunContext {
  const stages = new Map(
    [...context.stages].map(([name, stage]) => {
      if (!params[name]) return [name, stage] as const;
      const definition = withTrial(stage.definition, params);
      return [name, { ...stage, definition, digest: digestOf(behaviourOf(definition)) }] as const;
    }),
  );
  const signed = signatures(context.graph.plan.instances, (name) => stages.get(name)?.digest ?? "", sha256);
  return {
    ...context,
    stages,
    graph: { ...context.graph, signatures: signed, signature: digestOf([...signed.values()].sort()) },
  };
}

/**
 * What the engine is asked to do to score a trial: its validation rows, or every fold by a fit on the others. Test rows are in none of
 * these plans.
 */
export async function planTrial(
  { context, number }: PlannedTrial,
  sources: Map<string, ResolvedSource>,
): Promise<FoldPlan[]> {
  if (searchedBy(context.pipeline) === "folds") return planFolds(context, sources, number);
  const plan = scoringOnly(context, await buildRunPlan(context, sources), "validation", `trial-${number}`);
  return plan ? [{ part: "validation", context, plan }] : [];
}

/** What came of a trial. @param error why the engine could not score it; then there are no results */
export function scoreTrial(
  { number, params, context }: PlannedTrial,
  parts: readonly FoldPlan[],
  results: readonly VariantResult[],
  seconds: number,
  error: string | null,
): SearchTrial & { rows: number } {
  const metric = context.pipeline.search?.metric ?? "";
  const role = searchedBy(context.pipeline) === "folds" ? "test" : "validation";
  const found = results.map(({ metrics }) => metrics[role] ?? {});
  const fits = results.flatMap((result) => result.fits);
  const unscored = found.findIndex((metrics) => metrics[metric] === undefined);
  const scores = found.flatMap((metrics) => metrics[metric] ?? []);
  const isScored = error === null && unscored < 0 && scores.length > 0;
  return {
    number,
    params,
    ...(isScored ? scoreOf(scores) : { score: null, deviation: null }),
    scores: Object.fromEntries(
      parts.flatMap(({ part }, at) => {
        const score = found[at]?.[metric];
        return score === undefined ? [] : [[part, score] as const];
      }),
    ),
    interval: results.length === 1 ? (results[0]?.evaluation?.parts[role]?.intervals[metric] ?? null) : null,
    seconds,
    fitted: fits.filter((fit) => !fit.reused).length,
    reused: fits.filter((fit) => fit.reused).length,
    error:
      error ??
      (isScored
        ? null
        : `${metric} has no value on ${parts[unscored]?.part ?? "these rows"}, of which ${found[unscored]?.rows ?? 0} rows were scored.`),
    rows: found.reduce((sum, metrics) => sum + (metrics.rows ?? 0), 0),
  };
}

function scoreOf(scores: readonly number[]): Pick<SearchTrial, "score" | "deviation"> {
  if (scores.length === 1) return { score: scores[0] as number, deviation: null };
  const { mean, deviation } = summariseFolds(scores);
  return { score: mean, deviation };
}

/** Whether a trial is better than another; of equal ones the earlier stays. */
export function isBetterTrial(one: SearchTrial, other: SearchTrial | null, metric: string): boolean {
  if (one.score === null || Number.isNaN(one.score)) return false;
  if (other === null || other.score === null) return true;
  return MODEL_METRICS[metric]?.better === "lower" ? one.score < other.score : one.score > other.score;
}

/** The table of all trials. Throws `invalid`, with what the first said, where none of them has a score. */
export function concludeSearch(
  context: RunContext,
  trials: readonly (SearchTrial & { rows: number })[],
  best: SearchTrial | null,
): SearchResult {
  const { pipeline } = context;
  const { search } = pipeline;
  if (!search || !best)
    throw new DomainError(
      "invalid",
      `Pipeline ${pipeline.name} has no parameters to choose: none of its ${trials.length} trials could be scored. Trial 1: ${trials[0]?.error ?? "nothing was scored"}`,
    );
  return {
    metric: search.metric,
    better: MODEL_METRICS[search.metric]?.better ?? "higher",
    kind: search.trials === undefined ? "grid" : "random",
    seed: search.trials === undefined ? null : (search.seed ?? 1),
    by: searchedBy(pipeline),
    split: pipeline.evaluate?.split ?? "",
    parts: searchedParts(pipeline),
    rows: Math.max(...trials.map(({ rows }) => rows)),
    trials: trials.map(({ rows: _, ...trial }) => trial),
    chosen: best.number,
  };
}

/** What a run fitted while it searched, by fingerprint. */
export type MadeFits = ReadonlyMap<string, VariantResult["fits"][number]>;

/** The plan with the fits that are made already. */
export function withMadeFits(plan: RunPlan, made: MadeFits): RunPlan {
  const instances = plan.plan.instances.map((instance) => {
    const known = instance.fit && !instance.fit.fitted ? made.get(instance.fit.fingerprint) : undefined;
    return known && instance.fit ? { ...instance, fit: { ...instance.fit, fitted: known.model } } : instance;
  });
  return { ...plan, plan: { ...plan.plan, instances } };
}

/** The result as the run will record it: what a trial of the same run fitted is the run's own, and was not there before. */
export function withOwnFits(result: VariantResult, made: MadeFits): VariantResult {
  const own = new Map(
    result.fits.flatMap((fit) => {
      const known = fit.reused ? made.get(fit.fingerprint) : undefined;
      return known ? [[fit.instance, { ...known, instance: fit.instance }] as const] : [];
    }),
  );
  return {
    ...result,
    fits: result.fits.map((fit) => own.get(fit.instance) ?? fit),
    stages: result.stages.map((stage) => {
      const fit = own.get(stage.instance);
      return fit ? { ...stage, seconds: stage.seconds + fit.seconds, reused: false } : stage;
    }),
  };
}
