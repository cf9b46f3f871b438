import type { EngineName } from "@/lib/domain/definitions/engine-name";
import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { Instance } from "@/lib/domain/plans/instances";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import { stageNamed, type VariantWorld } from "@/lib/domain/plans/variant-world";
import { type Catalogue, loadCatalogue } from "../catalogue/catalogue";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { graphOf, type VariantGraph } from "./run-variant";
import { definitionOf } from "../stored-json";

export interface VersionedStage {
  definition: StageDefinition;
  versionId: string;
  digest: string;
}

/** A variant as it was when something was done with it: its stage versions, on the sources of today. */
export interface LoadedVariant extends VariantWorld {
  catalogue: Catalogue;
  pipeline: PipelineDefinition;
  /** The stage versions that were planned, by name. */
  stages: Map<string, VersionedStage>;
  graph: VariantGraph;
  /** In the order in which they run, by key. */
  instances: Map<string, Instance>;
  /** `entity.column` → key of the instance that writes it in this variant. */
  writers: Map<string, string>;
}

/**
 * Loads a variant with the stage versions that `params` names. Throws `invalid` when one of them is not in the registry.
 * @param catalogue on which it runs; what is declared now when left out
 */
export async function loadVariant(
  db: Prisma | Transaction,
  workspaceId: string,
  variantId: string,
  params: RunParams,
  catalogue?: Catalogue,
): Promise<LoadedVariant> {
  const variant = await db.variant.findUniqueOrThrow({ where: { id: variantId } });
  const stages = await loadStageVersions(Object.values(params.stageVersions), db);
  return toLoadedVariant(
    catalogue ?? (await loadCatalogue(workspaceId, db)),
    params.definition,
    stages,
    {
      stages: variant.stages,
      choice: variant.choice as Record<string, string>,
    },
    params.engine,
  );
}

/** Versions of stages by the stages' names. */
export async function loadStageVersions(
  ids: readonly string[],
  db: Prisma | Transaction = prisma(),
): Promise<Map<string, VersionedStage>> {
  const versions = await db.stageVersion.findMany({
    where: { id: { in: [...ids] } },
    include: { stage: { select: { name: true } } },
  });
  return new Map(
    versions.map((version): [string, VersionedStage] => [
      version.stage.name,
      {
        definition: definitionOf("Stage", version),
        versionId: version.id,
        digest: version.digest,
      },
    ]),
  );
}

/**
 * @param stages those of the variant, by name
 * @param engine that runs it, where it is not the local one
 */
export function toLoadedVariant(
  catalogue: Catalogue,
  pipeline: PipelineDefinition,
  stages: Map<string, VersionedStage>,
  variant: Pick<PlannedVariant, "stages" | "choice">,
  engine?: EngineName,
): LoadedVariant {
  const graph = graphOf(
    variant.stages.map((name) => stageNamed(stages, name).definition),
    catalogue.sources,
    variant,
    (name) => stageNamed(stages, name).digest,
  );
  return {
    catalogue,
    declared: new Set(catalogue.features.map((feature) => feature.name)),
    pipeline,
    stages,
    ...(engine !== undefined && { engine }),
    graph,
    instances: new Map(graph.plan.instances.map((instance) => [instance.key, instance])),
    writers: writersOf(graph, stages, variant.choice),
  };
}

/** The planned writer of every needed column, and the only writer of a column that nobody needs. */
function writersOf(graph: VariantGraph, stages: Map<string, VersionedStage>, choice: Record<string, string>) {
  const keyOf = new Map(graph.plan.instances.map((instance) => [instance.stage, instance.key]));
  const writers = new Map(Object.entries(choice).map(([column, stage]) => [column, keyOf.get(stage) as string]));
  const spare = new Map<string, string[]>();
  for (const instance of graph.plan.instances)
    for (const { column } of stageNamed(stages, instance.stage).definition.outputs)
      if (!writers.has(column)) spare.set(column, [...(spare.get(column) ?? []), instance.key]);
  for (const [column, keys] of spare) if (keys.length === 1) writers.set(column, keys[0] as string);
  return writers;
}
