import type { Prisma, Transaction } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";

/** A column that a source has and that has no version by it. */
export interface MissingVersion {
  /** `entity.column`. */
  feature: string;
  source: string;
}

/**
 * A source's column is read, not made, so it has a version as soon as it is declared, and dev serves it. Staging and production
 * follow by promotion, like any other feature.
 */
export async function missingSourceVersions(
  db: Prisma,
  workspaceId: string,
  sources: readonly SourceDefinition[],
): Promise<MissingVersion[]> {
  const rows = await db.$queryRaw<{ feature: string; signature: string }[]>`
    SELECT f."name" AS "feature", v."signature" FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE f."workspaceId" = ${workspaceId} AND v."signature" LIKE 'source:%'`;
  const known = new Set(rows.map(({ feature, signature }) => `${feature} ${signature}`));
  return sources.flatMap((source) =>
    source.columns.flatMap((column) => {
      const feature = `${source.entity}.${column.name}`;
      return known.has(`${feature} source:${source.name}`) ? [] : [{ feature, source: source.name }];
    }),
  );
}

/** Writes them, and has dev serve the newest of each feature. Join keys come with several sources: each is a version of its own. */
export async function writeSourceVersions(
  tx: Transaction,
  { workspaceId, actor }: { workspaceId: string; actor: string },
  missing: readonly MissingVersion[],
): Promise<void> {
  if (missing.length === 0) return;
  const features = missing.map((one) => one.feature);
  const sources = missing.map((one) => one.source);
  await tx.$executeRaw`
    WITH created AS (
      INSERT INTO "FeatureVersion" ("id", "featureId", "version", "signature", "source", "choice", "createdBy")
      SELECT uuid_v7(), f."id", coalesce(n."version", 0) + row_number() OVER (PARTITION BY f."id" ORDER BY m."position"),
        'source:' || m."source", m."source", '{}', ${actor}
      FROM unnest(${features}::text[], ${sources}::text[]) WITH ORDINALITY AS m("feature", "source", "position")
      JOIN "Feature" f ON f."workspaceId" = ${workspaceId} AND f."name" = m."feature" AND f."retiredAt" IS NULL
      LEFT JOIN LATERAL (SELECT max(v."version") AS "version" FROM "FeatureVersion" v WHERE v."featureId" = f."id") n ON true
      WHERE NOT EXISTS (SELECT 1 FROM "FeatureVersion" v WHERE v."featureId" = f."id" AND v."signature" = 'source:' || m."source")
      RETURNING "id", "featureId", "version")
    INSERT INTO "Pointer" ("id", "featureId", "environment", "versionId", "updatedAt", "updatedBy")
    SELECT DISTINCT ON (c."featureId") uuid_v7(), c."featureId", 'dev', c."id", clock_timestamp() AT TIME ZONE 'utc', ${actor}
    FROM created c ORDER BY c."featureId", c."version" DESC
    ON CONFLICT ("featureId", "environment") DO UPDATE
      SET "versionId" = EXCLUDED."versionId", "updatedAt" = EXCLUDED."updatedAt", "updatedBy" = EXCLUDED."updatedBy"`;
}
