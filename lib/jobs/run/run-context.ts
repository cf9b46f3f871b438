import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { type PipelineDefinition, splitColumn, type StageDefinition } from "@/lib/domain/definitions";
import { DomainError } from "@/lib/domain/errors";
import { SYSTEM } from "@/lib/domain/principal";
import { type Catalogue, loadCatalogue } from "@/lib/registry/catalogue";
import { graphOf, type RunParams, type VariantGraph } from "@/lib/registry/run-variant";
import type { Scope } from "@/lib/registry/scope";

export interface VersionedStage {
  definition: StageDefinition;
  versionId: string;
  digest: string;
}

export type Instance = VariantGraph["plan"]["instances"][number];

/** Everything that is known of a run before it begins. */
export interface RunContext {
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
    pipeline: params.definition,
    stages,
    graph,
    instances: new Map(graph.plan.instances.map((instance) => [instance.key, instance])),
    writers: writersOf(graph, stages, choice),
  };
}

function stageNamed(stages: Map<string, VersionedStage>, name: string): VersionedStage {
  const stage = stages.get(name);
  if (!stage)
    throw new DomainError("invalid", `The run's stage ${name} has no version in the registry. Start a new run.`);
  return stage;
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

export function stageOf(context: RunContext, instance: Instance): VersionedStage {
  return stageNamed(context.stages, instance.stage);
}

export function isDeclared(context: RunContext, column: string): boolean {
  return context.catalogue.features.some((feature) => feature.name === column);
}

/**
 * What a stage reads as people name it: its columns, with every undocumented one in between replaced by what it is made
 * from. A vector of ten features reads ten features.
 */
export function featuresRead(context: RunContext, columns: readonly string[]): string[] {
  const read = new Set<string>();
  const seen = new Set<string>();
  const visit = (column: string) => {
    if (seen.has(column)) return;
    seen.add(column);
    const writer = context.writers.get(column);
    if (!writer || isDeclared(context, column)) read.add(column);
    else stageOf(context, context.instances.get(writer) as Instance).definition.inputs.forEach(visit);
  };
  columns.forEach(visit);
  return [...read];
}

/** Names of the entities that the variant reads or writes. */
export function entitiesOf(context: RunContext): Set<string> {
  const entities = new Set<string>();
  for (const { definition } of context.stages.values()) {
    entities.add(definition.entity);
    for (const column of [...definition.inputs, ...(definition.fitInputs ?? [])]) entities.add(splitColumn(column)[0]);
  }
  return entities;
}
