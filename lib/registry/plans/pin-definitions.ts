import { prisma } from "@/lib/db/client";
import type { DefinitionKind } from "@/lib/domain/definitions/definition";
import { fitRowsOf } from "@/lib/domain/plans/row-sets";
import { definitionKey, entitiesOf } from "@/lib/domain/plans/variant-world";
import type { LoadedVariant } from "./load-variant";
import { digestOf } from "../record-event";

/**
 * Keeps which definitions a run happens with: its pipeline and stages as it was asked for, and what they refer to as it is now.
 * Another attempt at the run begins with what is declared then.
 */
export async function pinDefinitions(run: { id: string; workspaceId: string }, variant: LoadedVariant): Promise<void> {
  const { catalogue, pipeline, stages } = variant;
  const entities = entitiesOf(variant);
  const sources = catalogue.sources.filter((source) => entities.has(source.entity));
  const columns = new Set([
    ...variant.writers.keys(),
    ...sources.flatMap((source) => source.columns.map(({ name }) => `${source.entity}.${name}`)),
  ]);
  const named: [DefinitionKind, string][] = [
    ...[...entities].map((name): [DefinitionKind, string] => ["Entity", name]),
    ...sources.map(({ name }): [DefinitionKind, string] => ["Source", name]),
    ...policiesOf(variant).map((name): [DefinitionKind, string] => ["SplitPolicy", name]),
  ];
  const ids = named.flatMap(([kind, name]) => catalogue.versions.get(definitionKey(kind, name))?.id ?? []);
  await prisma().$transaction(async (tx) => {
    const declared = await tx.feature.findMany({
      where: { workspaceId: run.workspaceId, declared: true, name: { in: [...columns] } },
      select: { definitionVersionId: true },
    });
    const ran = await tx.stageVersion.findMany({
      where: { id: { in: [...stages.values()].map(({ versionId }) => versionId) } },
      select: { definitionVersionId: true },
    });
    const asked = await tx.definitionVersion.findFirst({
      where: { workspaceId: run.workspaceId, kind: "Pipeline", name: pipeline.name, digest: digestOf(pipeline) },
      orderBy: { version: "desc" },
      select: { id: true },
    });
    const all = [...ids, ...[...declared, ...ran].map((row) => row.definitionVersionId), ...(asked ? [asked.id] : [])];
    await tx.runDefinition.deleteMany({ where: { runId: run.id } });
    await tx.runDefinition.createMany({
      data: [...new Set(all)].map((definitionVersionId) => ({ runId: run.id, definitionVersionId })),
    });
  });
}

/** Names of the split policies by which a variant is fitted and evaluated. */
export function policiesOf(variant: LoadedVariant): string[] {
  const rows = [...variant.instances.values()].map((instance) => fitRowsOf(variant, instance));
  const { evaluate, fit } = variant.pipeline;
  const all = [...rows, ...(fit ? [fit] : [])].flatMap((one) => ("split" in one ? [one.split] : []));
  return [...new Set([...all, ...(evaluate ? [evaluate.split] : [])])];
}
