import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";
import { pinDefinitions } from "@/lib/registry/plans/pin-definitions";
import { checkOutputs } from "../check-output-rules";
import type { ProgressWriter } from "./progress-writer";
import type { ClaimedRun } from "@/lib/registry/execution/claims";
import { planFolds } from "@/lib/registry/execution/cross-validation";
import { withMadeFits, withOwnFits } from "@/lib/registry/execution/parameter-search";
import { recordRun } from "@/lib/registry/execution/record-run";
import { materialiseAssignments } from "./assign-rows";
import { resolveSources } from "./resolve-sources";
import { searchParameters } from "./search-parameters";
import { loadRunContext, type RunContext } from "@/lib/registry/execution/run-context";
import { buildRunPlan } from "@/lib/registry/execution/run-plan";
import { sourcesRead } from "@/lib/registry/plans/sources-read";

/** What a run asks of the engine, and how what it did is recorded. */
export interface RunWork {
  plan: VariantPlan;
  /** The same on fewer rows, fold by fold, of a pipeline that is cross-validated; nothing of them is written out. */
  folds?: { part: string; plan: VariantPlan }[];
  /** What recording is about, for the log. */
  recording: string;
  /** @param folds what was found in each of `folds`, in their order */
  record(result: VariantResult, folds: VariantResult[]): Promise<void>;
}

/** A run that fits what it needs and recomputes every column: of a pipeline, or of a deployment's fit job. */
export async function prepareVariant(run: ClaimedRun, engine: Engine, progress: ProgressWriter): Promise<RunWork> {
  return prepareContext(await loadRunContext(run), engine, progress);
}

/** The same of a variant that is loaded already. */
export async function prepareContext(loaded: RunContext, engine: Engine, progress: ProgressWriter): Promise<RunWork> {
  await pinDefinitions(loaded.run, loaded);
  const sources = await resolveSources(loaded, sourcesRead(loaded), engine, progress);
  const assigned = { ...loaded, assignments: await materialiseAssignments(loaded, sources, engine, progress) };
  const found = await searchParameters(assigned, sources, engine, progress);
  const context = found?.context ?? assigned;
  const made = found?.made ?? new Map();
  const plan = withMadeFits(await buildRunPlan(context, sources), made);
  // A search by folds has scored every fold already.
  const scored = found && found.result.by === "folds" ? found : null;
  const folds = scored?.plans ?? (await planFolds(context, sources));
  const fits = plan.plan.instances.filter((instance) => instance.fit);
  const reused = fits.filter((instance) => instance.fit?.fitted).length;
  const { read, dropped } = plan.reuse;
  progress.log(
    "info",
    `${context.instances.size} stages, ${plan.fits.size} to fit${reused > 0 ? `, of which ${reused} were fitted on the same rows before` : ""}${read.size > 0 ? `; ${read.size} whose values were written before are read, and ${dropped.length} that only led to them are left out` : ""}.`,
  );
  for (const sentence of plan.broken.values()) progress.log("info", sentence);
  return {
    plan: plan.plan,
    recording: "Recording feature versions, profiles, drift, usage and verdicts.",
    folds: scored ? [] : folds.map((fold) => ({ part: fold.part, plan: fold.plan.plan })),
    record: async (result, results) =>
      recordRun(
        context,
        plan,
        withOwnFits(result, made),
        engine,
        await checkOutputs(context, result, engine),
        { plans: folds, results: scored?.results ?? results },
        found?.result ?? null,
      ),
  };
}
