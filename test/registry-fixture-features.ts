import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { digestOf } from "@/lib/registry/record-event";
import { FEATURES, SOURCES, STAGES } from "./registry-fixture-definitions";
import { BY, type IdOf, json } from "./registry-fixture-rows";

/** A feature for every column, documented or not. Feature name → id. */
export async function fillFeatures(workspaceId: string, id: IdOf): Promise<Record<string, string>> {
  const featureNames = allColumns();
  await prisma().feature.createMany({
    data: featureNames.map(({ column, type }) => {
      const declared = FEATURES.find((feature) => feature.name === column);
      const document = declared ?? { kind: "Feature", name: column, type };
      return {
        id: id(`feature/${column}`),
        workspaceId,
        name: column,
        entity: splitColumn(column)[0],
        type,
        description: declared?.description ?? "",
        owner: declared?.owner ?? "",
        tags: declared?.tags ?? [],
        sensitivity: declared?.sensitivity ?? "none",
        deprecated: declared?.deprecated ?? false,
        declared: declared !== undefined,
        definition: json(document),
        digest: digestOf(document),
        createdBy: BY,
        updatedBy: BY,
      };
    }),
  });
  return Object.fromEntries(featureNames.map(({ column }) => [column, id(`feature/${column}`)]));
}

function allColumns(): { column: string; type: string }[] {
  const columns = new Map<string, string>();
  for (const source of SOURCES)
    for (const { name, type } of source.columns) columns.set(`${source.entity}.${name}`, type);
  for (const stage of STAGES) for (const { column, type } of stage.outputs) columns.set(column, type);
  return [...columns].map(([column, type]) => ({ column, type }));
}

/** Lets an environment serve a version of the column. */
export async function movePointer(id: IdOf, column: string, environment: string, versionId: string, by: string) {
  const featureId = id(`feature/${column}`);
  await prisma().pointer.upsert({
    where: { featureId_environment: { featureId, environment } },
    create: { featureId, environment, versionId, updatedBy: by },
    update: { versionId, updatedBy: by },
  });
}
