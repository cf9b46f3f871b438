import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import type { PipelineDefinition, StageDefinition } from "@/lib/domain/definitions";
import { DomainError } from "@/lib/domain/errors";
import type { Instance } from "@/lib/domain/plan/instances";
import { stageNamed, type VariantWorld } from "@/lib/domain/plan/variant-world";
import { SYSTEM } from "@/lib/domain/principal";
import { type Catalogue, loadCatalogue } from "@/lib/registry/catalogue";
import { graphOf, type RunParams, type VariantGraph } from "@/lib/registry/run-variant";
import type { Scope } from "@/lib/registry/scope";

export interface VersionedStage {
  definition: StageDefinition;
  versionId: string;
  digest: string;
}

/** Everything that is known of a run before it begins. */
export interface RunContext extends VariantWorld {
  run: Run;
  /** The product acts; who asked for the run is the run's `createdBy`. */
  scope: Scope;
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

export async function loadRunContext(run: Run): Promise<RunContext> {
  const params = run.params as unknown as RunParams;
  const workspace = await prisma().workspace.findUniqueOrThrow({
    where: { id: run.workspaceId },
    select: { id: true, name: true },
  });
  const catalogue = await loadCatalogue(workspace.id);
  const variant = run.variantId && (await prisma().variant.findUnique({ where: { id: run.variantId } }));
  if (!variant) throw new DomainError("invalid", `Run ${run.number} has no variant to run. Start a new one.`);
  const versions = await prisma().stageVersion.findMany({
    where: { id: { in: Object.values(params.stageVersions) } },
    include: { stage: { select: { name: true } } },
  });
  const stages = new Map(
    versions.map((version): [string, VersionedStage] => [
      version.stage.name,
      {
        definition: version.definition as unknown as StageDefinition,
        versionId: version.id,
        digest: version.digest,
      },
    ]),
  );
  const definitions = variant.stages.map((name) => stageNamed(stages, name).definition);
  const choice = variant.choice as Record<string, string>;
  const graph = graphOf(
    definitions,
    catalogue.sources,
    { stages: variant.stages, choice },
    (name) => stageNamed(stages, name).digest,
  );
  return {
    run,
    scope: {
      actor: { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] },
      workspace,
      requestId: null,
    },
    catalogue,
    declared: new Set(catalogue.features.map((feature) => feature.name)),
    pipeline: params.definition,
    stages,
    graph,
    instances: new Map(graph.plan.instances.map((instance) => [instance.key, instance])),
    writers: writersOf(graph, stages, choice),
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
