import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import type { Instance } from "@/lib/domain/plans/instances";
import { findUpstream } from "@/lib/domain/plans/row-sets";
import { fingerprintValues } from "@/lib/domain/plans/value-fingerprints";
import { entitiesOf, featuresRead, stageOf } from "@/lib/domain/plans/variant-world";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { Engine } from "@/lib/engines/engine";
import { describeJob } from "@/lib/registry/deployments/row";
import { digestOf } from "@/lib/registry/record-event";
import { checkOutputs } from "../check-output-rules";
import { planProfiles, type ProfilePlan } from "@/lib/registry/profiles/plan-profiles";
import type { RunWork } from "./prepare-variant";
import type { ProgressWriter } from "./progress-writer";
import type { ClaimedRun } from "@/lib/registry/execution/claims";
import { beginPredictRun, type PredictContext } from "@/lib/registry/execution/predict-context";
import { recordPredictions, type Scorer } from "@/lib/registry/execution/record-predictions";
import { resolveSources } from "./resolve-sources";
import type { RunContext } from "@/lib/registry/execution/run-context";
import { askedColumn, outputDirectory, type ResolvedSource } from "@/lib/registry/execution/run-plan";
import { fittedInstances, sourcesFrom } from "@/lib/registry/execution/scoring-plan";

/**
 * A run that only predicts: it finds out which version its alias names now, takes the stages and the fits of that version, and
 * runs what the outputs need of them. Throws `conflict` when the alias names nothing, before anything runs.
 */
export async function preparePredict(run: ClaimedRun, engine: Engine, progress: ProgressWriter): Promise<RunWork> {
  const { context, kind, deployment, alias, scorer, closure, fits } = await beginPredictRun(run);
  const { params } = context;
  progress.log(
    "info",
    `${describeJob(kind)} of ${deployment}: ${
      scorer
        ? `alias ${alias} of ${scorer.model} names version ${scorer.version}`
        : "nothing is fitted, so no alias is followed"
    }; ${closure.length} stages${params.window ? `, rows from ${params.window[0]} until before ${params.window[1]}` : ""}.`,
  );
  const scored = planScoring(context, { scorer, closure, fits });
  const { instances } = scored;
  const materialise = scored.materialise.map(({ column }) => column);
  const sources = await resolveSources(context, scored.definitions, engine, progress);
  const fingerprints = fingerprintsOf(context, instances, sources);
  const profiles = await planServing(context, { scorer, closure, materialise, sources, fingerprints });
  return {
    plan: {
      entities: context.catalogue.entities,
      sources: sourcesFrom(scored.definitions, sources),
      instances,
      materialise: scored.materialise,
      profile: profiles.profile,
      window: params.window ?? null,
      outputDirectory: outputDirectory(context),
    },
    recording: "Recording the predictions and what they used.",
    record: async (result) =>
      recordPredictions(
        context,
        { deployment, alias, scorer, closure, sources, fingerprints, profiles },
        result,
        engine,
        await checkOutputs(context, result, engine),
      ),
  };
}

/** The stages that scoring runs, what it writes, and the sources that it reads. Throws `invalid` when it writes nothing, `conflict` without a fit. */
export function planScoring(
  context: RunContext,
  { scorer, closure, fits }: Pick<PredictContext, "scorer" | "closure" | "fits">,
): Pick<VariantPlan, "instances" | "materialise"> & { definitions: SourceDefinition[] } {
  const instances = fittedInstances(
    context,
    closure,
    fits,
    (stage) =>
      `Version ${scorer?.version ?? 0} of the model has no fit of ${stage}, so nothing can be scored with it. Run the fit job again, then have the alias moved.`,
  );
  const entities = entitiesOf({
    stages: new Map(instances.map(({ stage }) => [stage.name, { definition: { ...stage, fitInputs: [] } }])),
  });
  return {
    instances,
    materialise: columnsToWrite(context).map((column) => ({
      column,
      instance: context.writers.get(column) ?? null,
      name: splitColumn(column)[1],
    })),
    definitions: context.catalogue.sources.filter((source) => entities.has(source.entity)),
  };
}

/** What is served and what the model reads for it, on the edges that they were profiled by when the model was trained. */
async function planServing(
  context: RunContext,
  serving: {
    scorer: Scorer | null;
    closure: readonly Instance[];
    materialise: readonly string[];
    sources: ReadonlyMap<string, ResolvedSource>;
    fingerprints: ReadonlyMap<string, string>;
  },
): Promise<ProfilePlan> {
  const { scorer, closure, materialise, sources, fingerprints } = serving;
  const model = closure.find(({ key }) => key === scorer?.instance);
  const read = model ? featuresRead(context, stageOf(context, model).definition.inputs) : [];
  const runs = new Set(closure.map(({ key }) => key));
  const columns = [...new Set([...materialise, ...read])].filter((column) => {
    const writer = context.writers.get(column);
    return writer === undefined || runs.has(writer);
  });
  const { window } = context.params;
  const served = new Map([...fingerprints].map(([key, values]) => [key, digestOf([values, window ?? null])]));
  const asked = columns.flatMap((column) => {
    const one = askedColumn(context, column, sources, served);
    if (!one) return [];
    return [one.instance === null ? { ...one, values: digestOf([one.values, window ?? null]) } : one];
  });
  return planProfiles(
    context.run.workspaceId,
    asked,
    [{ part: "serving", split: null, window: null }],
    context.pipeline.profileEvery ?? "month",
  );
}

/** Instance → fingerprint of its values, with the fits that it is scored with. */
function fingerprintsOf(
  context: RunContext,
  instances: readonly EngineInstance[],
  sources: ReadonlyMap<string, ResolvedSource>,
): Map<string, string> {
  const versions = new Map([...sources].map(([name, source]) => [name, source.version]));
  const fits = new Map(instances.flatMap(({ key, fit }) => (fit ? [[key, fit] as const] : [])));
  return fingerprintValues(context, findUpstream(context), fits, versions, digestOf);
}

/** The outputs that the variant makes. Throws `invalid` when there is none. */
function columnsToWrite(context: RunContext): string[] {
  const { outputs, name } = context.pipeline;
  const written = outputs.filter((column) => context.writers.has(column));
  if (written.length === 0)
    throw new DomainError("invalid", `No stage of ${name} makes any of its outputs (${outputs.join(", ")}).`);
  return written;
}
