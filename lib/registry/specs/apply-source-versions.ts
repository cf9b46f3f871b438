import type { Prisma, Transaction } from "@/lib/db/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
import type { RowLoader } from "@/lib/db/load-rows";
import { insertRows, type NewRow, type Rows } from "@/lib/db/write-rows";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { RowWrites, Writer } from "./apply-rows";

export interface SourceVersionWrites {
  versions: NewRow<"FeatureVersion">[];
  /** What dev serves from now on, instead of what it served of the same features. */
  pointers: NewRow<"Pointer">[];
}

/**
 * A source's column is read, not made, so it has a version as soon as it is declared, and dev serves it. Staging and production
 * follow by promotion, like any other feature. Join keys come with several sources: each is a version of its own.
 * @param sources as they are to be
 * @param features what is written of features, which have a row for every column of these sources then
 */
export async function sourceVersionWrites(
  db: Prisma,
  { workspaceId, actor, at }: Writer,
  sources: readonly SourceDefinition[],
  features: Pick<RowWrites<"Feature">, "created">,
): Promise<SourceVersionWrites> {
  const rows = await db.$queryRaw<{ name: string; id: string; version: number; signatures: string[] | null }[]>`
    SELECT f."name", f."id", coalesce(max(v."version"), 0) AS "version",
      array_agg(v."signature") FILTER (WHERE v."signature" LIKE 'source:%') AS "signatures"
    FROM "Feature" f LEFT JOIN "FeatureVersion" v ON v."featureId" = f."id" WHERE f."workspaceId" = ${workspaceId} GROUP BY f."id"`;
  const known = new Map(rows.map(({ signatures, ...row }) => [row.name, { ...row, signatures: new Set(signatures) }]));
  for (const { name, id } of features.created as { name: string; id: string }[])
    known.set(name, { name, id, version: 0, signatures: new Set() });
  const versions: NewRow<"FeatureVersion">[] = [];
  const newest = new Map<string, string>();
  for (const source of sources)
    for (const column of source.columns) {
      const feature = known.get(`${source.entity}.${column.name}`);
      const signature = `source:${source.name}`;
      if (!feature || feature.signatures.has(signature)) continue;
      feature.signatures.add(signature);
      feature.version += 1;
      const [id, featureId] = [uuidV7(), feature.id];
      versions.push({ id, featureId, version: feature.version, signature, source: source.name, choice: {}, createdBy: actor }); // prettier-ignore
      newest.set(featureId, id);
    }
  const pointers = [...newest].map(([featureId, versionId]) => ({
    id: uuidV7(),
    featureId,
    environment: "dev",
    versionId,
    updatedAt: at,
    updatedBy: actor,
  }));
  return { versions, pointers };
}

/** `SourceVersionWrites` that the database has, or that travel with their statements. */
export interface LoadedSourceVersions {
  versions: Rows<"FeatureVersion">;
  pointers: Rows<"Pointer">;
}

export async function loadSourceVersions(
  loader: RowLoader,
  { versions, pointers }: SourceVersionWrites,
): Promise<LoadedSourceVersions> {
  return {
    versions: await loader.load("FeatureVersion", versions),
    pointers: await loader.load("Pointer", pointers),
  };
}

export async function writeSourceVersions(
  tx: Transaction,
  { versions, pointers }: LoadedSourceVersions,
): Promise<void> {
  if (versions.count === 0) return;
  await insertRows(tx, versions);
  await tx.$executeRaw`
    DELETE FROM "Pointer" p USING ${pointers.from} AS r WHERE p."featureId" = r."featureId" AND p."environment" = 'dev'`;
  await insertRows(tx, pointers);
}
