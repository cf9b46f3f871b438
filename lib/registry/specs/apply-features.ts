import type { Transaction } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import { asJson } from "../catalogue/apply-rows";
import type { Catalogue } from "../catalogue/catalogue";
import { digestOf } from "../record-event";
import type { Scope } from "../scope";

/**
 * Brings the features to one row for every column that a source or stage writes: as somebody declared it, else as its writer
 * describes it. A column that nobody writes any more is retired. Rows that are right are left alone.
 */
export async function applyFeatures(
  tx: Transaction,
  scope: Scope,
  catalogue: Pick<Catalogue, "sources" | "stages">,
  declared: readonly FeatureDefinition[],
): Promise<void> {
  const workspaceId = scope.workspace.id;
  const actor = scope.actor.id;
  const wanted = undeclaredFeatures(catalogue);
  for (const definition of declared) wanted.set(definition.name, { definition, declared: true });
  const present = await tx.feature.findMany({
    where: { workspaceId },
    select: { id: true, name: true, digest: true, declared: true, retiredAt: true },
  });

  const known = new Set(present.map((row) => row.name));
  await tx.feature.createMany({
    data: [...wanted.values()]
      .filter(({ definition }) => !known.has(definition.name))
      .map((feature) => ({
        ...toRow(feature),
        name: feature.definition.name,
        workspaceId,
        createdBy: actor,
        updatedBy: actor,
      })),
  });
  for (const row of present) {
    const feature = wanted.get(row.name);
    if (!feature) continue;
    const data = toRow(feature);
    if (row.digest !== data.digest || row.declared !== data.declared || row.retiredAt !== null)
      await tx.feature.update({ where: { id: row.id }, data: { ...data, retiredAt: null, updatedBy: actor } });
  }
  const gone = present.filter((row) => row.retiredAt === null && !wanted.has(row.name)).map((row) => row.id);
  if (gone.length > 0)
    await tx.feature.updateMany({
      where: { id: { in: gone } },
      data: { retiredAt: new Date(), updatedBy: actor },
    });
}

interface WantedFeature {
  definition: FeatureDefinition;
  declared: boolean;
}

/** Every written column. The first writer describes it; a source's column may have words of its own. */
function undeclaredFeatures({ sources, stages }: Pick<Catalogue, "sources" | "stages">): Map<string, WantedFeature> {
  const features = new Map<string, WantedFeature>();
  const add = (name: string, type: FeatureDefinition["type"], owner?: string, description?: string) => {
    if (features.has(name)) return;
    const definition: FeatureDefinition = {
      kind: "Feature",
      name,
      type,
      ...(owner && { owner }),
      ...(description && { description }),
    };
    features.set(name, { definition, declared: false });
  };
  for (const source of sources)
    for (const column of source.columns)
      add(`${source.entity}.${column.name}`, column.type, source.owner, column.description);
  for (const stage of stages) for (const output of stage.outputs) add(output.column, output.type, stage.owner);
  return features;
}

function toRow({ definition, declared }: WantedFeature) {
  return {
    entity: splitColumn(definition.name)[0],
    type: definition.type,
    description: definition.description ?? "",
    owner: definition.owner ?? "",
    tags: definition.tags ?? [],
    meta: definition.meta ?? {},
    sensitivity: definition.sensitivity ?? "none",
    deprecated: definition.deprecated ?? false,
    declared,
    definition: asJson(definition),
    digest: digestOf(definition),
  };
}
