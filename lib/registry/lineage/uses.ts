import type { LineageImpact } from "@/lib/contracts/lineage-paths";
import { USAGE_ROLES } from "@/lib/contracts/usage";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { kindOf, type LineageKind, nameOf } from "@/lib/domain/lineage/graph";

type Uses = Pick<LineageImpact, "lastUsed" | "uses">;

/**
 * When runs last used each node, and as what, by id: a feature's own entries of the ledger, those that a model or stage made by
 * reading, runs that read a source, and values of a view that went online. A node that nothing used is absent.
 */
export async function loadUses(workspaceId: string, ids: readonly string[]): Promise<Map<string, Uses>> {
  const named = (kind: LineageKind) => ids.filter((id) => kindOf(id) === kind).map(nameOf);
  const consumers = [...named("stage"), ...named("model")];
  const isWanted = new Set(ids);
  const rows = await prisma().$queryRaw<{ id: string; role: string; last: Date }[]>(Prisma.sql`
    SELECT 'feature:' || f."name" AS "id", u."role", max(u."at") AS "last" FROM "Feature" f
    JOIN "FeatureVersion" v ON v."featureId" = f."id" JOIN "Usage" u ON u."featureVersionId" = v."id"
    WHERE f."workspaceId" = ${workspaceId} AND f."name" = ANY(${named("feature")}) GROUP BY f."name", u."role"
    UNION ALL
    SELECT k || ':' || u."consumer", u."role", max(u."at") FROM "Usage" u CROSS JOIN (VALUES ('stage'), ('model')) AS kinds(k)
    WHERE u."workspaceId" = ${workspaceId} AND u."consumer" = ANY(${consumers}) GROUP BY k, u."consumer", u."role"
    UNION ALL
    SELECT 'source:' || d."dataset", 'read', max(coalesce(r."finishedAt", r."createdAt")) FROM "DatasetVersion" d
    JOIN "RunInput" i ON i."datasetVersionId" = d."id" JOIN "Run" r ON r."id" = i."runId"
    WHERE d."workspaceId" = ${workspaceId} AND d."sourceId" IS NOT NULL AND d."dataset" = ANY(${named("source")}) GROUP BY d."dataset"
    UNION ALL
    SELECT 'view:' || w."name", 'serve', max(m."createdAt") FROM "FeatureView" w JOIN "Materialisation" m ON m."viewId" = w."id"
    WHERE w."workspaceId" = ${workspaceId} AND w."name" = ANY(${named("view")}) GROUP BY w."name"`);
  const found = new Map<string, Uses>();
  for (const { id, role, last } of rows) {
    if (!isWanted.has(id)) continue;
    const at = last.toISOString();
    const own = found.get(id) ?? { lastUsed: null, uses: [] };
    found.set(id, own);
    if (own.lastUsed === null || at > own.lastUsed) own.lastUsed = at;
    const known = USAGE_ROLES.find((one) => one === role);
    if (known) own.uses.push({ role: known, last: at });
  }
  for (const { uses } of found.values())
    uses.sort((one, other) => USAGE_ROLES.indexOf(one.role) - USAGE_ROLES.indexOf(other.role));
  return found;
}
