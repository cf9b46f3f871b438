import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engines/engine";
import { loadCatalogue } from "@/lib/registry/catalogue/catalogue";
import { toLoadedVariant, type VersionedStage } from "@/lib/registry/plans/load-variant";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { chooseVariant } from "@/lib/registry/plans/run-variant";
import { stagesOfVersions } from "@/lib/registry/deployments/view-runs";
import { prepareContext, type RunWork } from "./prepare-variant";
import type { ProgressWriter } from "./progress-writer";
import { type RunContext, scopeOfRun } from "@/lib/registry/execution/run-context";

/**
 * A run that computes what is missing of a feature view, by the versions that its environments serve, and takes their newest
 * fits: a schedule must not change a model. Equal values that are there are read.
 */
export async function prepareView(run: Run, engine: Engine, progress: ProgressWriter): Promise<RunWork> {
  const context = await loadViewContext(run);
  const { instances, stages } = context;
  await prisma().$transaction(async (tx) => {
    const params: RunParams = {
      ...context.params,
      choice: Object.fromEntries(
        [...context.writers].map(([column, key]) => [column, instances.get(key)?.stage ?? ""]),
      ),
      stageVersions: Object.fromEntries([...stages].map(([name, { versionId }]) => [name, versionId])),
    };
    const { count } = await tx.run.updateMany({
      where: { id: run.id, attempt: run.attempt, state: "running" },
      data: { params: params as object },
    });
    if (count === 0) throw new DomainError("conflict", `Attempt ${run.attempt} no longer holds run ${run.number}.`);
    await tx.runStage.deleteMany({ where: { runId: run.id } });
    await tx.runStage.createMany({
      data: [...instances.values()].map(({ key, stage }, position) => ({
        runId: run.id,
        position,
        instance: key,
        stage,
        state: "pending",
      })),
    });
  });
  return prepareContext(context, engine, progress);
}

async function loadViewContext(run: Run): Promise<RunContext> {
  const params = run.params as unknown as RunParams;
  const { view } = params;
  if (!view) throw new DomainError("invalid", `Run ${run.number} names no feature view to materialise.`);
  const catalogue = await loadCatalogue(run.workspaceId);
  const pinned = await stagesOfVersions(prisma(), view.versions);
  const rows = await prisma().stageVersion.findMany({ where: { id: { in: [...pinned.values()] } } });
  const versioned = new Map(
    [...pinned].flatMap(([name, id]): [string, VersionedStage][] => {
      const row = rows.find((one) => one.id === id);
      return row
        ? [[name, { definition: row.definition as unknown as StageDefinition, versionId: id, digest: row.digest }]]
        : [];
    }),
  );
  const isRaw = (column: string) =>
    catalogue.sources.some((source) => source.columns.some(({ name }) => `${source.entity}.${name}` === column));
  // Columns without a version that a stage has to make are planned on the catalogue, in a run of their own.
  if (view.versions.length === 0 && !view.columns.every(isRaw))
    for (const stage of catalogue.stages)
      versioned.set(stage.name, { definition: stage, versionId: stage.versionId, digest: stage.digest });
  const versions = await prisma().featureVersion.findMany({
    where: { id: { in: view.versions } },
    select: { choice: true },
  });
  const pins = Object.assign({}, ...versions.map(({ choice }) => choice as Record<string, string>)) as Record<
    string,
    string
  >;
  const pipeline: PipelineDefinition = params.definition;
  const stages = [...versioned.values()].map(({ definition, versionId, digest }) => ({
    ...definition,
    versionId,
    digest,
    version: 0,
  }));
  const variant = chooseVariant({ stages, sources: catalogue.sources }, pipeline, pins, 0);
  const chosen = new Map(variant.stages.map((name) => [name, versioned.get(name) as VersionedStage]));
  return {
    ...toLoadedVariant(catalogue, pipeline, chosen, variant),
    run,
    params,
    scope: await scopeOfRun(run),
  };
}
