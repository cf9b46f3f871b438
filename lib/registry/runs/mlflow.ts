import { publicUrl } from "@/lib/config/public-url";
import { prisma } from "@/lib/db/client";
import { placeOf } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { RunFacts } from "@/lib/domain/mlflow/tracked-run";
import { operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import { modelColumns } from "@/lib/domain/plans/model-columns";
import { nameOf } from "@/lib/domain/plans/scoring-chain";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { FittedStage } from "@/lib/domain/runs/fitted-stage";
import { actorNames } from "../actor-names";
import { worstVerdict } from "../models/verdicts";
import { type LoadedVariant, loadVariant } from "../plans/load-variant";
import { fittedModelOf, paramsOf } from "../stored-json";

/** The model version that a run made, as it is registered elsewhere. */
export interface TrackedVersion {
  id: string;
  model: string;
  version: number;
  /** Page of the model. */
  url: string;
  /** What MLflow calls it; null before it was told. */
  externalId: string | null;
  createdAt: Date;
  /** The estimator that it is; a sentence where it cannot be scored with outside. */
  fitted: FittedStage | string;
}

export interface RunToTrack {
  facts: RunFacts;
  /** What MLflow calls it; null before it was told everything. */
  externalId: string | null;
  version: TrackedVersion | null;
}

/** A run that fitted a model, with everything that MLflow is told of it; null when it is gone, or was no such run. */
export async function loadRunToTrack(runId: string): Promise<RunToTrack | null> {
  const run = await prisma().run.findUnique({
    where: { id: runId },
    include: {
      workspace: { select: { name: true } },
      job: { select: { kind: true, deployment: { select: { name: true } } } },
      inputs: { select: { datasetVersion: true }, orderBy: { datasetVersion: { dataset: "asc" } } },
      modelVersions: { include: { model: { select: { name: true } }, verdicts: true, fit: true } },
    },
  });
  if (!run?.variantId || !run.startedAt || !run.finishedAt) return null;
  const params = paramsOf(run);
  const workspace = run.workspace.name;
  const variant = await loadVariant(prisma(), run.workspaceId, run.variantId, params);
  const [made] = run.modelVersions;
  const nameOfActor = await actorNames([run.createdBy]);
  const sources = new Map(variant.catalogue.sources.map((source) => [source.name, source]));
  return {
    externalId: run.externalId,
    facts: {
      id: run.id,
      number: run.number,
      workspace,
      pipeline: params.pipeline,
      title: run.title,
      kind: run.kind,
      deployment: run.job && { name: run.job.deployment.name, job: run.job.kind },
      startedBy: nameOfActor(run.createdBy),
      url: publicUrl(`/runs/${run.id}?workspace=${workspace}`),
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      planSignature: variant.graph.signature,
      choice: Object.fromEntries([...variant.writers].map(([column, key]) => [column, variant.instances.get(key)?.stage ?? key])), // prettier-ignore
      stages: [...variant.instances.values()].map((instance) => {
        const { definition, digest } = stageOf(variant, instance);
        return { name: definition.name, operator: operatorName(definition), params: resolveParams(definition), digest };
      }),
      metrics: run.metrics as RunFacts["metrics"],
      engine: run.engine ?? "",
      environment: (run.environment ?? {}) as Record<string, unknown>,
      inputs: run.inputs.map(({ datasetVersion: { dataset, version, digest, rows } }) => {
        const source = sources.get(dataset);
        return {
          dataset,
          version,
          digest,
          rows: Number(rows),
          uri: source ? placeOf(source) : `tributary://${workspace}/${encodeURIComponent(dataset)}`,
          columns: source?.columns.map(({ name, type }) => ({ name, type })) ?? [],
        };
      }),
      model: made ? { name: made.model.name, version: made.version, ...pick(worstVerdict(made.verdicts)) } : null,
    },
    version: made
      ? {
          id: made.id,
          model: made.model.name,
          version: made.version,
          url: publicUrl(`/models/${encodeURIComponent(made.model.name)}?workspace=${workspace}`),
          externalId: made.externalId,
          createdAt: made.createdAt,
          fitted: fittedStage(variant, made),
        }
      : null,
  };
}

const pick = ({ verdict, sentence }: { verdict: string; sentence: string }) => ({ verdict, sentence });

interface MadeVersion {
  engine: string;
  fitId: string | null;
  fits: unknown;
  fit: { model: unknown } | null;
}

/** What a version scores with, where its fit is the local engine's own. */
function fittedStage(variant: LoadedVariant, { engine, fitId, fits, fit }: MadeVersion): FittedStage | string {
  const key = Object.entries((fits ?? {}) as Record<string, string>).find(([, id]) => id === fitId)?.[0];
  const instance = key === undefined ? undefined : variant.instances.get(key);
  if (!fit || !instance) return "The fit of this version was not kept.";
  if (engine !== "local") return `It was fitted by engine ${engine}, which keeps what it learned in a form of its own.`;
  const { definition } = stageOf(variant, instance);
  const entity = variant.catalogue.entities.find(({ name }) => name === definition.entity);
  if (!entity) return `Entity ${definition.entity} is not declared any more.`;
  const { learned, terms } = fittedModelOf(fit.model as never);
  try {
    return {
      operator: operatorName(definition),
      params: resolveParams(definition),
      learned,
      size: terms?.measure === "gain" ? terms.terms.length : null,
      inputs: modelColumns(variant, entity, instance),
      outputs: definition.outputs.map(({ column, type }) => ({ name: nameOf(column, null).name, type })),
    };
  } catch (error) {
    // A column or relation that nobody declares any more.
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** Keeps what MLflow calls a run: everything of it is there. @param externalId EXPERIMENT/RUN */
export async function recordTrackedRun(runId: string, externalId: string): Promise<void> {
  await prisma().run.update({ where: { id: runId }, data: { externalId } });
}

/** Keeps what MLflow calls a model version. @param externalId NAME/VERSION */
export async function recordTrackedVersion(modelVersionId: string, externalId: string): Promise<void> {
  await prisma().modelVersion.update({ where: { id: modelVersionId }, data: { externalId } });
}

/** MLflow does not know a version, or its run, any more: as of another server. They are sent anew. */
export async function forgetTracked(modelVersionId: string): Promise<void> {
  const { runId } = await prisma().modelVersion.update({
    where: { id: modelVersionId },
    data: { externalId: null },
    select: { runId: true },
  });
  if (runId) await prisma().run.update({ where: { id: runId }, data: { externalId: null } });
}
