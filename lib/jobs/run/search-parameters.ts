import { DomainError } from "@/lib/domain/errors";
import { describeTrial } from "@/lib/domain/plans/trials";
import type { SearchResult, SearchTrial } from "@/lib/domain/runs/parameter-search";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";
import type { FoldPlan } from "@/lib/registry/execution/cross-validation";
import {
  concludeSearch,
  isBetterTrial,
  type MadeFits,
  type PlannedTrial,
  planTrial,
  scoreTrial,
  trialsOfRun,
  withMadeFits,
  withOwnFits,
} from "@/lib/registry/execution/parameter-search";
import type { RunContext } from "@/lib/registry/execution/run-context";
import type { ResolvedSource } from "@/lib/registry/execution/run-plan";
import type { ProgressWriter } from "./progress-writer";
import { runScoring } from "./run-scoring";

/** What a search found, and the run with the parameters that it chose. */
export interface FoundParameters {
  context: RunContext;
  result: SearchResult;
  /** What the chosen trial was scored by. */
  plans: FoldPlan[];
  results: VariantResult[];
  /** Fits of the trials that the run can use: what no trial changes, and those of the chosen one. */
  made: MadeFits;
}

interface Attempt {
  trial: PlannedTrial;
  scored: SearchTrial & { rows: number };
  plans: FoldPlan[];
  results: VariantResult[];
}

/** Tries the parameters of a run that searches, one trial after the other; null for any other run. */
export async function searchParameters(
  context: RunContext,
  sources: Map<string, ResolvedSource>,
  engine: Engine,
  progress: ProgressWriter,
): Promise<FoundParameters | null> {
  const trials = trialsOfRun(context);
  const metric = context.pipeline.search?.metric ?? "";
  if (trials.length === 0) return null;
  const made = new Map<string, VariantResult["fits"][number]>();
  const scored: Attempt["scored"][] = [];
  let best = null as Attempt | null;
  for (const trial of trials) {
    progress.signal.throwIfAborted();
    const attempt = await tryParameters(trial, trials.length, made, sources, engine, progress);
    scored.push(attempt.scored);
    const { score, error, fitted, reused, seconds } = attempt.scored;
    progress.log(
      error === null ? "info" : "warn",
      `Trial ${trial.number} of ${trials.length}, ${describeTrial(trial.params)}: ${error ?? `${metric} ${Number((score ?? 0).toPrecision(6))}`}; ${fitted} fitted, ${reused} used again, ${seconds.toFixed(1)} s.`,
    );
    const isBetter = isBetterTrial(attempt.scored, best?.scored ?? null, metric);
    const loser = isBetter ? best : attempt;
    if (isBetter) best = attempt;
    // A model is large, and no later trial has an equal one; what comes before it may be needed again.
    loser?.plans.forEach(({ plan }, at) => {
      const model = loser.results[at]?.fits.find(({ instance }) => instance === plan.target?.instance.key);
      if (model && !model.reused) made.delete(model.fingerprint);
    });
  }
  const result = concludeSearch(context, scored, best?.scored ?? null);
  const { trial, plans, results } = best as Attempt;
  progress.log("info", `Trial ${trial.number} is chosen: ${describeTrial(trial.params)}.`);
  return { context: trial.context, result, plans, results: results.map((one) => withOwnFits(one, made)), made };
}

/** A trial that cannot be fitted has no score and says why; whatever else goes wrong ends the run. */
async function tryParameters(
  trial: PlannedTrial,
  total: number,
  made: Map<string, VariantResult["fits"][number]>,
  sources: Map<string, ResolvedSource>,
  engine: Engine,
  progress: ProgressWriter,
): Promise<Attempt> {
  const plans = await planTrial(trial, sources);
  const results: VariantResult[] = [];
  const started = performance.now();
  let error: string | null = null;
  try {
    for (const { part, plan } of plans) {
      const words = `Trial ${trial.number} of ${total}${plans.length > 1 ? `, ${part} left out` : ""}`;
      const at = { done: trial.number - 1, total: total + 1 };
      const result = await runScoring(engine, withMadeFits(plan, made).plan, words, progress, at);
      for (const fit of result.fits) if (!fit.reused) made.set(fit.fingerprint, fit);
      results.push(result);
    }
  } catch (thrown) {
    if (!(thrown instanceof DomainError) || thrown.code !== "invalid") throw thrown;
    error = thrown.message;
  }
  const seconds = (performance.now() - started) / 1000;
  return { trial, scored: scoreTrial(trial, plans, results, seconds, error), plans, results };
}
