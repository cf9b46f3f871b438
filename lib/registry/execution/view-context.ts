import { prisma } from "@/lib/db/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { DomainError } from "@/lib/domain/errors";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { loadCatalogue } from "../catalogue/catalogue";
import { stagesOfVersions } from "../deployments/view-runs";
import { toLoadedVariant, type VersionedStage } from "../plans/load-variant";
import { chooseVariant } from "../plans/run-variant";
import { definitionOf, paramsOf } from "../stored-json";
import { beginRun } from "./begin-run";
import type { ClaimedRun } from "./claims";
import { type RunContext, scopeOfRun } from "./run-context";

/**
 * Begins a run that computes a feature view, by the versions that its environments serve: which stages it runs is written down.
 * Throws `invalid` when it names no view, and `conflict` when the attempt no longer holds it.
 */
export async function beginViewRun(run: ClaimedRun): Promise<RunContext> {
  const context = await loadViewContext(run);
  const { instances, stages } = context;
  const params: RunParams = {
    ...context.params,
    choice: Object.fromEntries([...context.writers].map(([column, key]) => [column, instances.get(key)?.stage ?? ""])),
    stageVersions: Object.fromEntries([...stages].map(([name, { versionId }]) => [name, versionId])),
  };
  await beginRun(run, { params: params as object }, instances.values());
  return context;
}

async function loadViewContext(run: ClaimedRun): Promise<RunContext> {
  const params = paramsOf(run);
  const { view } = params;
  if (!view) throw new DomainError("invalid", `Run ${run.number} names no feature view to materialise.`);
  const catalogue = await loadCatalogue(run.workspaceId);
  const pinned = await stagesOfVersions(prisma(), view.versions);
  const rows = await prisma().stageVersion.findMany({ where: { id: { in: [...pinned.values()] } } });
  const versioned = new Map(
    [...pinned].flatMap(([name, id]): [string, VersionedStage][] => {
      const row = rows.find((one) => one.id === id);
      return row ? [[name, { definition: definitionOf("Stage", row), versionId: id, digest: row.digest }]] : [];
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
