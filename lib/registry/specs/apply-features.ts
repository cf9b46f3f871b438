import type { Prisma } from "@/lib/db/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { FeatureDefinition } from "@/lib/domain/definitions/feature";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { RowWrites, Writer } from "./apply-rows";
import { digestOf } from "../record-event";
import { asJson } from "../stored-json";

/** The declared objects that features follow from, as they are to be. */
export interface FeatureOrigins {
  sources: readonly SourceDefinition[];
  stages: readonly StageDefinition[];
  /** Those that somebody documented. */
  declared: readonly FeatureDefinition[];
}

/**
 * What brings the features to one row for every column that a source or stage writes: as somebody declared it, else as its writer
 * describes it. A column that nobody writes any more is retired. Rows that are right are left alone.
 */
export async function featureWrites(
  db: Prisma,
  { workspaceId, actor, at }: Writer,
  { declared, ...writers }: FeatureOrigins,
): Promise<RowWrites<"Feature">> {
  const writes: RowWrites<"Feature"> = { table: "Feature", created: [], changed: [], retired: [] };
  const wanted = undeclaredFeatures(writers);
  for (const definition of declared) wanted.set(definition.name, { definition, declared: true });
  const present = await db.feature.findMany({
    where: { workspaceId },
    select: { id: true, name: true, digest: true, declared: true, retiredAt: true },
  });
  const known = new Map(present.map((row) => [row.name, row]));
  const changed = { updatedAt: at, updatedBy: actor };
  for (const [name, feature] of wanted) {
    const row = known.get(name);
    const data = { ...toRow(feature), retiredAt: null, ...changed };
    if (!row)
      writes.created.push({
        id: uuidV7(),
        definitionVersionId: uuidV7(),
        workspaceId,
        name,
        ...data,
        createdBy: actor,
      });
    else if (row.digest !== data.digest || row.declared !== data.declared || row.retiredAt !== null)
      writes.changed.push({ id: row.id, definitionVersionId: uuidV7(), ...data });
  }
  for (const { id, name, retiredAt } of present)
    if (retiredAt === null && !wanted.has(name)) writes.retired.push({ id, retiredAt: at, ...changed });
  return writes;
}

interface WantedFeature {
  definition: FeatureDefinition;
  declared: boolean;
}

/** Every written column. The first writer describes it; a source's column may have words of its own. */
function undeclaredFeatures({ sources, stages }: Omit<FeatureOrigins, "declared">): Map<string, WantedFeature> {
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
