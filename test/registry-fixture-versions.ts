import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Maker } from "./registry-fixture-makers";
import { BY, type IdOf } from "./registry-fixture-rows";

/** The id of the version of a column that a pipeline made. */
export type VersionIdIn = (made: Map<string, Maker>, column: string) => string;

/** Versions of what the pipelines make, in their order, with what each read. `versions` is `feature@version` → id. */
export async function fillVersions(id: IdOf, worlds: readonly Map<string, Maker>[]) {
  const versions: Record<string, string> = {};
  const versionOf = new Map<string, { id: string; version: number }>();
  const rows: Prisma.FeatureVersionCreateManyInput[] = [];
  const links = new Map<string, Prisma.FeatureVersionInputCreateManyInput>();
  for (const made of worlds)
    for (const maker of made.values()) {
      const key = `${maker.column}#${maker.signature}`;
      if (versionOf.has(key)) continue;
      const version = 1 + [...versionOf.keys()].filter((other) => other.startsWith(`${maker.column}#`)).length;
      const row = { id: id(`version/${key}`), version };
      versionOf.set(key, row);
      versions[`${maker.column}@${version}`] = row.id;
      rows.push({
        id: row.id,
        featureId: id(`feature/${maker.column}`),
        version,
        signature: maker.signature,
        stageVersionId: maker.stage ? id(`stage-version/${maker.stage.name}`) : null,
        source: maker.source,
        choice: maker.choice,
        createdBy: BY,
      });
      for (const { column, role } of maker.reads) {
        const input = made.get(column) as Maker;
        const inputVersionId = id(`version/${input.column}#${input.signature}`);
        const link = { readerId: row.id, inputVersionId, role };
        links.set(JSON.stringify(link), link);
      }
    }
  await prisma().featureVersion.createMany({ data: rows });
  await prisma().featureVersionInput.createMany({ data: [...links.values()] });
  const idIn: VersionIdIn = (made, column) => {
    const maker = made.get(column) as Maker;
    return (versionOf.get(`${column}#${maker.signature}`) as { id: string }).id;
  };
  return { versions, idIn };
}
