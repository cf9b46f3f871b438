import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError } from "@/lib/domain/errors";
import { DEFAULT_THRESHOLD } from "@/lib/domain/definitions/pipeline";
import { type PlannedFit, planFits } from "@/lib/domain/plans/fit-fingerprints";
import {
  type EvaluationTarget,
  evaluationTargetOf,
  finalEstimators,
  severalModels,
} from "@/lib/domain/plans/evaluation-target";
import type { SourceVersion } from "@/lib/domain/plans/leakage-input";
import { findUpstream, type Upstream } from "@/lib/domain/plans/row-sets";
import type { Instance } from "@/lib/domain/plans/instances";
import { sourceBehaviour } from "@/lib/domain/plans/behaviour";
import { fingerprintValues } from "@/lib/domain/plans/value-fingerprints";
import { labelOf } from "@/lib/domain/operators/operator-table";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { DatasetSnapshot } from "@/lib/domain/datasets/dataset-snapshot";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { EngineInstance, VariantPlan, WrittenColumn } from "@/lib/domain/runs/variant-plan";
import { explainFits, type KnownValues } from "../plans/reuse";
import { digestOfFiles } from "../datasets/versions";
import { digestOf } from "../record-event";
import { type AskedColumn, planProfiles, type ProfilePlan } from "../profiles/plan-profiles";
import { explainBrokenPromises } from "./broken-promises";
import { type ReusedValues, reuseValues } from "./reuse-values";
import type { RunContext } from "./run-context";
import { fittedModelOf, rowSetOf } from "../stored-json";

/** A dataset version that the run reads, with the files that the engine found. */
export interface ResolvedSource extends SourceVersion {
  datasetVersionId: string;
  snapshot: DatasetSnapshot;
}

export interface RunPlan {
  plan: VariantPlan;
  sources: Map<string, ResolvedSource>;
  upstream: Map<string, Upstream>;
  /** Instance key → what it is fitted on. */
  fits: Map<string, PlannedFit>;
  /** Instance key → fingerprint of its values. */
  fingerprints: Map<string, string>;
  reuse: ReusedValues;
  /** Instance key → why an estimator is fitted anew, or which fit is used again. */
  reasons: Map<string, string>;
  /** Instance key → why what the plan promised when the run was asked for is not used. */
  broken: Map<string, string>;
  /** What is evaluated; null when nothing is. */
  target: EvaluationTarget | null;
  /** What the run's deployment fits where its pipeline evaluates nothing: it has no test rows. Null otherwise. */
  deployed: EvaluationTarget | null;
  /** Its distributions: those to measure, and those that are known. */
  profiles: ProfilePlan;
}

/** What the engine is asked to do. Reads earlier fits and profiles, and writes nothing. */
export async function buildRunPlan(context: RunContext, sources: Map<string, ResolvedSource>): Promise<RunPlan> {
  const upstream = findUpstream(context);
  const versions = new Map([...sources].map(([name, source]) => [name, source.version]));
  const evaluated = evaluationTargetOf(context, upstream, versions);
  // A deployment's fits are versions of its own model, whatever the pipeline calls it.
  const target = evaluated && { ...evaluated, model: context.params.deployment?.model ?? evaluated.model };
  const planned = planFits(context, upstream, versions, digestOf);
  const fits = context.run.kind === "materialise" ? await withNewestFits(context, planned) : planned;
  const materialise = columnsToMaterialise(context);
  const selections: RowSelection[] = (target?.roles ?? []).map(({ role, split }) => ({
    part: role,
    split,
    window: null,
  }));
  const written = materialise.map((column) => ({ ...writerIn(context, column), name: splitColumn(column)[1] }));
  const slices = context.pipeline.evaluate?.slices ?? [];
  const evaluate = target?.task && {
    prediction: writerIn(context, target.prediction),
    label: writerIn(context, target.label),
    selections,
    task: target.task,
    threshold: context.pipeline.evaluate?.threshold ?? DEFAULT_THRESHOLD,
    features: target.instance.key,
    ...(context.run.kind !== "materialise" && shuffledBy(context, target)),
    ...(slices.length > 0 && { slices: slices.map((column) => writerIn(context, column)) }),
  };
  const isDoneAgain = context.again !== undefined;
  const models = isDoneAgain && context.run.kind !== "materialise" ? new Map<string, FittedModel>() : await findModels(context, fits); // prettier-ignore
  const fingerprints = fingerprintValues(context, upstream, fits, versions, digestOf);
  const profiles = await planProfiles(
    context.run.workspaceId,
    columnsToProfile(context, materialise, sources, fingerprints),
    [{ part: "all", split: null, window: null }, ...selections],
    context.pipeline.profileEvery ?? "month",
  );
  const wanted = [
    ...written,
    ...profiles.profile.columns,
    ...(evaluate ? [evaluate.prediction, evaluate.label, ...(evaluate.slices ?? [])] : []),
  ];
  const known = isDoneAgain ? new Map<string, string>() : fingerprints;
  const reuse = await reuseValues(context, known, wanted.flatMap(madeColumn), (key) => models.has(key));
  return {
    sources,
    upstream,
    fits,
    fingerprints,
    reuse,
    reasons: await explainFits(context.run.workspaceId, context.pipeline.name, fits),
    broken: await explainBrokenPromises(context, {
      upstream,
      fits,
      versions,
      fingerprints,
      reuse,
      isFitted: (key) => models.has(key),
    }),
    target,
    deployed: target ? null : deployedModel(context, fits),
    profiles,
    plan: {
      entities: context.catalogue.entities,
      sources: context.catalogue.sources.flatMap((definition) => {
        const source = sources.get(definition.name);
        return source ? [{ definition, snapshot: source.snapshot }] : [];
      }),
      instances: toEngineInstances(context, fits, models, reuse),
      materialise: written,
      ...(evaluate && { evaluate }),
      profile: profiles.profile,
      outputDirectory: outputDirectory(context),
    },
  };
}

/** Inputs are shuffled by what models are chosen by, else by the main metric of the task. */
function shuffledBy({ pipeline }: RunContext, { instance }: EvaluationTarget) {
  const metric = pipeline.search?.metric ?? pipeline.crossValidate?.metric;
  return { shuffle: instance.key, ...(metric !== undefined && { shuffleMetric: metric }) };
}

/** Throws `invalid`, naming the candidates, where the deployment's model may be any of several estimators. */
function deployedModel(context: RunContext, fits: ReadonlyMap<string, PlannedFit>): EvaluationTarget | null {
  const { deployment } = context.params;
  if (!deployment?.model) return null;
  const definitionOf = (instance: Instance) => stageOf(context, instance).definition;
  const { outputs, name } = context.pipeline;
  const [instance, ...others] = finalEstimators(context.instances.values(), definitionOf, outputs);
  if (!instance) return null;
  if (others.length > 0)
    throw new DomainError("invalid", `Pipeline ${name} fits ${severalModels([instance, ...others])}`);
  const stage = definitionOf(instance);
  const fit = fits.get(instance.key);
  return {
    model: deployment.model,
    instance,
    prediction: stage.outputs.map(({ column }) => column).find((column) => outputs.includes(column)) ?? "",
    label: labelOf(stage) ?? "",
    task: null,
    roles: [{ role: "train", split: fit?.split ?? null, rowSet: fit?.rowSet ?? [] }],
  };
}

/** A column with its writer in the run's variant. */
function writerIn(context: RunContext, column: string): WrittenColumn {
  return { column, instance: context.writers.get(column) ?? null };
}

/** Every attempt writes into a folder of its own, which disappears unless the attempt is recorded. */
export function outputDirectory({ scope, run }: RunContext): string {
  const { TRIBUTARY_DATA } = environment();
  return path.join(TRIBUTARY_DATA, "offline", scope.workspace.name, `run-${run.number}`, String(run.attempt));
}

/** The outputs, columns of sources among them, and, of a pipeline, every documented feature that is made on the way. */
function columnsToMaterialise(context: RunContext): string[] {
  const { outputs } = context.pipeline;
  const isOnTheWay = (column: string) => context.run.kind !== "materialise" && context.declared.has(column);
  const made = [...context.writers.keys()].filter((column) => outputs.includes(column) || isOnTheWay(column));
  const raw = new Set(
    context.catalogue.sources.flatMap((source) => source.columns.map(({ name }) => `${source.entity}.${name}`)),
  );
  return [...made, ...outputs.filter((column) => !context.writers.has(column) && raw.has(column))];
}

/** A column that an instance makes; none for a source's. */
function madeColumn({ column, instance }: WrittenColumn) {
  return instance === null ? [] : [{ column, instance }];
}

/** Instance key → what an equal fit learned before. */
async function findModels(
  context: RunContext,
  planned: ReadonlyMap<string, PlannedFit>,
): Promise<Map<string, FittedModel>> {
  const known = await prisma().fit.findMany({
    where: {
      workspaceId: context.run.workspaceId,
      fingerprint: { in: [...planned.values()].map((fit) => fit.fingerprint) },
    },
    select: { fingerprint: true, model: true },
  });
  const models = new Map(known.map((fit) => [fit.fingerprint, fittedModelOf(fit.model)]));
  return new Map(
    [...planned].flatMap(([key, { fingerprint }]) => {
      const model = models.get(fingerprint);
      return model ? [[key, model] as const] : [];
    }),
  );
}

/** Every fit that was made by the same strategy in the place of the one that newer rows would ask for. */
async function withNewestFits(
  context: RunContext,
  planned: ReadonlyMap<string, PlannedFit>,
): Promise<Map<string, PlannedFit>> {
  const signatures = new Map([...planned.keys()].map((key) => [key, context.graph.signatures.get(key) ?? ""]));
  const rows = await prisma().fit.findMany({
    where: {
      workspaceId: context.run.workspaceId,
      signature: { in: [...signatures.values()] },
      fold: null,
      ...(context.again && { createdAt: { lte: context.again.until } }),
    },
    orderBy: { createdAt: "desc" },
    select: { signature: true, fingerprint: true, rowSet: true },
  });
  return new Map(
    [...planned].map(([key, fit]) => {
      const newest = rows.find(({ signature }) => signature === signatures.get(key));
      return newest
        ? [
            key,
            {
              ...fit,
              fingerprint: newest.fingerprint,
              rowSet: rowSetOf(newest.rowSet ?? []),
              split: null,
            },
          ]
        : [key, fit];
    }),
  );
}

/** What still has to run, and what is read in its place; not what nobody needs any more. */
function toEngineInstances(
  context: RunContext,
  planned: ReadonlyMap<string, PlannedFit>,
  models: ReadonlyMap<string, FittedModel>,
  { read, dropped }: ReusedValues,
): EngineInstance[] {
  const spared = new Set(dropped);
  return [...context.instances.values()].flatMap((instance): EngineInstance[] => {
    if (spared.has(instance.key)) return [];
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([column, from]) => [column, "source" in from ? null : from.instance]),
    );
    const fit = planned.get(instance.key);
    const fitted = models.get(instance.key);
    const earlier = read.get(instance.key);
    return [
      {
        key: instance.key,
        stage: stageOf(context, instance).definition,
        inputs,
        ...(fit && { fit: { ...fit, ...(fitted && { fitted }) } }),
        ...(earlier && { values: toEngineValues(earlier) }),
      },
    ];
  });
}

function toEngineValues({ columns, values }: { columns: string[]; values: KnownValues }) {
  return {
    file: values.file,
    columns: Object.fromEntries(columns.map((column) => [column, values.columns.get(column) as string])),
  };
}

/** What the run writes, and the declared columns of the sources that it reads. */
function columnsToProfile(
  context: RunContext,
  written: string[],
  sources: ReadonlyMap<string, ResolvedSource>,
  fingerprints: ReadonlyMap<string, string>,
): AskedColumn[] {
  const taken = new Set(written);
  return [
    ...written.map((column) => askedColumn(context, column, sources, fingerprints)),
    ...context.catalogue.sources.flatMap((source) =>
      sources.has(source.name)
        ? source.columns
            .map(({ name }) => `${source.entity}.${name}`)
            .filter((column) => context.declared.has(column) && !context.writers.has(column) && !taken.has(column))
            .map((column) => askedColumn(context, column, sources, fingerprints))
        : [],
    ),
  ].flatMap((asked) => asked ?? []);
}

/**
 * A column of the variant as its profiles are asked for; null for one that nothing gives.
 * @param fingerprints instance key → fingerprint of its values
 */
export function askedColumn(
  context: RunContext,
  column: string,
  sources: ReadonlyMap<string, ResolvedSource>,
  fingerprints: ReadonlyMap<string, string>,
): AskedColumn | null {
  const instance = context.writers.get(column) ?? null;
  if (instance !== null) {
    const { definition } = stageOf(context, context.instances.get(instance) as Instance);
    const type = definition.outputs.find((output) => output.column === column)?.type;
    const signature = context.graph.signatures.get(instance) ?? null;
    return type
      ? { column, instance, type, signature, source: null, values: fingerprints.get(instance) ?? null }
      : null;
  }
  const [entity, name] = splitColumn(column);
  const rows = context.catalogue.sources.filter((source) => source.entity === entity && sources.has(source.name));
  for (const source of rows) {
    const type = source.columns.find((candidate) => candidate.name === name)?.type;
    if (!type) continue;
    // The rows are those of every source of the entity.
    const values = digestOf(
      rows.map((one) => [
        digestOfFiles((sources.get(one.name) as ResolvedSource).snapshot.files),
        sourceBehaviour(one),
      ]),
    );
    return { column, instance, type, signature: `source:${source.name}`, source: source.name, values };
  }
  return null;
}
