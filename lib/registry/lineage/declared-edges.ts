import { Prisma } from "@/lib/db/generated/client";
import type { LineageKind } from "@/lib/domain/lineage/graph";

/**
 * The edges that the registry's rows say now, as SQL: rows of (`from`, `to`, `role`, `said`), `said` being when the row that
 * says so was written. An edge belongs to one kind of object, the one that declares it: to a stage what it reads and writes, to a
 * model what its newest version reads. `names` limits the answer to edges of some objects of the kind.
 */
export function declaredEdges(kind: Exclude<LineageKind, "feature">, workspaceId: string, names: string[] | null) {
  const only = (column: Prisma.Sql) => (names ? Prisma.sql`AND ${column} = ANY(${names})` : Prisma.empty);
  switch (kind) {
    case "source":
      return Prisma.sql`
        SELECT 'source:' || s."name", 'feature:' || s."entity" || '.' || (c ->> 'name'), 'contains', s."updatedAt"
        FROM "Source" s CROSS JOIN LATERAL jsonb_array_elements(s."definition" -> 'columns') AS c
        WHERE s."workspaceId" = ${workspaceId} AND s."retiredAt" IS NULL ${only(Prisma.sql`s."name"`)}`;
    case "stage":
      return Prisma.sql`
        SELECT CASE c."role" WHEN 'output' THEN 'stage:' || s."name" ELSE 'feature:' || c."column" END,
          CASE c."role" WHEN 'output' THEN 'feature:' || c."column" ELSE 'stage:' || s."name" END,
          CASE c."role" WHEN 'output' THEN 'writes' WHEN 'fitInput' THEN 'fits' ELSE 'reads' END, v."createdAt"
        FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version"
        JOIN "StageColumn" c ON c."stageVersionId" = v."id"
        WHERE s."workspaceId" = ${workspaceId} AND s."retiredAt" IS NULL ${only(Prisma.sql`s."name"`)}`;
    case "view":
      return Prisma.sql`
        SELECT 'feature:' || f, 'view:' || w."name", 'contains', w."updatedAt"
        FROM "FeatureView" w CROSS JOIN LATERAL unnest(w."features") AS f
        WHERE w."workspaceId" = ${workspaceId} AND w."retiredAt" IS NULL ${only(Prisma.sql`w."name"`)}`;
    case "service":
      return Prisma.sql`
        SELECT e."from", 'service:' || s."name", e."role", s."updatedAt"
        FROM "FeatureService" s CROSS JOIN LATERAL unnest(s."features") AS r(ref)
        -- Each by its name: a join of tables that nobody has statistics of compares each with each.
        CROSS JOIN LATERAL (
          SELECT v."name", v."entity" FROM "FeatureView" v
          WHERE v."workspaceId" = s."workspaceId" AND v."name" = split_part(r.ref, ':', 1) AND v."retiredAt" IS NULL OFFSET 0) w
        CROSS JOIN LATERAL (VALUES
          ('feature:' || w."entity" || '.' || split_part(r.ref, ':', 2), 'serves'),
          ('view:' || w."name", 'through')) AS e("from", "role")
        WHERE s."workspaceId" = ${workspaceId} AND s."retiredAt" IS NULL ${only(Prisma.sql`s."name"`)}`;
    case "model":
      return Prisma.sql`
        SELECT e."from", 'model:' || n."model", e."role", n."createdAt" FROM (
          SELECT DISTINCT ON (m."id") m."name" AS "model", mv."id", mv."fitId", mv."createdAt"
          FROM "Model" m JOIN "ModelVersion" mv ON mv."modelId" = m."id"
          WHERE m."workspaceId" = ${workspaceId} ${only(Prisma.sql`m."name"`)} ORDER BY m."id", mv."version" DESC
        ) n CROSS JOIN LATERAL (
          SELECT 'feature:' || f."name", 'reads' FROM "LeakageVerdict" l
          JOIN "FeatureVersion" v ON v."id" = l."featureVersionId" JOIN "Feature" f ON f."id" = v."featureId"
          WHERE l."modelVersionId" = n."id"
          UNION ALL
          SELECT 'stage:' || s."name", 'fits' FROM "Fit" t
          JOIN "StageVersion" sv ON sv."id" = t."stageVersionId" JOIN "Stage" s ON s."id" = sv."stageId" WHERE t."id" = n."fitId"
        ) AS e("from", "role")`;
  }
}

/** Kept edges that belong to objects of the kind, by the same rule as `declaredEdges`. */
export function keptEdges(kind: Exclude<LineageKind, "feature">, names: string[] | null): Prisma.Sql {
  const ids = names?.map((name) => `${kind}:${name}`);
  switch (kind) {
    case "source":
      return ids ? Prisma.sql`e."from" = ANY(${ids})` : Prisma.sql`e."from" LIKE 'source:%'`;
    case "stage":
      return ids
        ? Prisma.sql`(e."to" = ANY(${ids}) OR (e."from" = ANY(${ids}) AND e."role" = 'writes'))`
        : Prisma.sql`(e."to" LIKE 'stage:%' OR e."role" = 'writes')`;
    default:
      return ids ? Prisma.sql`e."to" = ANY(${ids})` : Prisma.sql`e."to" LIKE ${`${kind}:%`}`;
  }
}
