import type { z } from "zod";
import type { LineageHit, searchLineage as contract } from "@/lib/contracts/lineage";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { LINEAGE_KINDS, type LineageKind } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

/** Nodes whose name has every word: names that begin with the first come first, then columns that do. The cursor is how many were seen. */
export async function searchNodes(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<{ items: LineageHit[]; total: number; nextCursor: string | null }> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const words = query.q.toLowerCase().split(/\s+/).filter(Boolean);
  const skip = /^\d{1,9}$/.test(query.cursor ?? "") ? Number(query.cursor) : 0;
  const kinds = query.kind ?? LINEAGE_KINDS;
  const matches = words.map((word) => Prisma.sql`strpos(n."name", ${word}) > 0`);
  const first = words[0] ?? "";
  const rows = await prisma().$queryRaw<(Omit<LineageHit, "id"> & { total: number })[]>`
    WITH hit AS MATERIALIZED (
      SELECT n.* FROM (${Prisma.join(
        kinds.map((kind) => nodesOf(kind, workspace.id)),
        " UNION ALL ",
      )}) AS n("kind", "name", "entity", "detail", "owner")
      ${matches.length > 0 ? Prisma.sql`WHERE ${Prisma.join(matches, " AND ")}` : Prisma.empty})
    SELECT h.*, false AS "retired", (SELECT count(*)::int FROM hit) AS "total" FROM hit h
    ORDER BY CASE WHEN starts_with(h."name", ${first}) THEN 0 WHEN strpos(h."name", ${`.${first}`}) > 0 THEN 1 ELSE 2 END,
      length(h."name"), h."name" COLLATE "C", h."kind"
    LIMIT ${query.limit} OFFSET ${skip}`;
  const total = rows[0]?.total ?? 0;
  return {
    items: rows.map(({ total: _, ...row }) => ({ id: `${row.kind}:${row.name}`, ...row })),
    total,
    nextCursor: skip + rows.length < total ? String(skip + rows.length) : null,
  };
}

function nodesOf(kind: LineageKind, workspaceId: string): Prisma.Sql {
  const live = Prisma.sql`n."workspaceId" = ${workspaceId} AND n."retiredAt" IS NULL`;
  switch (kind) {
    case "source":
      return Prisma.sql`SELECT 'source', n."name", n."entity", n."format", n."owner" FROM "Source" n WHERE ${live}`;
    case "stage":
      return Prisma.sql`SELECT 'stage', n."name", n."entity", v."operator", n."owner" FROM "Stage" n
        JOIN "StageVersion" v ON v."stageId" = n."id" AND v."version" = n."version" WHERE ${live}`;
    case "feature":
      return Prisma.sql`SELECT 'feature', n."name", n."entity", n."type", n."owner" FROM "Feature" n WHERE ${live}`;
    case "view":
      return Prisma.sql`SELECT 'view', n."name", n."entity", CASE WHEN n."online" THEN 'online' ELSE 'offline' END, n."owner" FROM "FeatureView" n WHERE ${live}`;
    case "service":
      return Prisma.sql`SELECT 'service', n."name", NULL, '', n."owner" FROM "FeatureService" n WHERE ${live}`;
    case "model":
      return Prisma.sql`SELECT 'model', n."name", NULL, '', '' FROM "Model" n WHERE n."workspaceId" = ${workspaceId}`;
  }
}
