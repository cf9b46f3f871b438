import type { z } from "zod";
import type { listLineageTimes as contract } from "@/lib/contracts/lineage-history";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

type Times = z.input<(typeof contract)["response"]>;

/** The moments at which edges began or ended, oldest first; with more than `buckets`, those that are close together are one entry. */
export async function listTimes(principal: Principal, query: z.output<(typeof contract)["query"]>): Promise<Times> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const node = query.node && toNodeId(query.node);
  const mine = node ? Prisma.sql`AND (e."from" = ${node} OR e."to" = ${node})` : Prisma.empty;
  const rows = await prisma().$queryRaw<{ at: Date; added: number; removed: number }[]>`
    SELECT t."at", sum(t."added")::int AS "added", sum(t."removed")::int AS "removed" FROM (
      SELECT e."since" AS "at", count(*) AS "added", 0 AS "removed" FROM "LineageEdge" e
      WHERE e."workspaceId" = ${workspace.id} ${mine} GROUP BY e."since"
      UNION ALL
      SELECT e."until", 0, count(*) FROM "LineageEdge" e
      WHERE e."workspaceId" = ${workspace.id} AND e."until" IS NOT NULL ${mine} GROUP BY e."until") t
    GROUP BY t."at" ORDER BY t."at"`;
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return { first: null, last: null, changes: [] };
  const width = (last.at.getTime() - first.at.getTime() + 1) / query.buckets;
  const isFew = rows.length <= query.buckets;
  const changes: Times["changes"] = [];
  let bucket = -1;
  for (const [index, { at, added, removed }] of rows.entries()) {
    const own = isFew ? index : Math.floor((at.getTime() - first.at.getTime()) / width);
    const current = changes.at(-1);
    if (own === bucket && current) {
      current.at = at.toISOString();
      current.added += added;
      current.removed += removed;
      current.moments += 1;
    } else changes.push({ at: at.toISOString(), added, removed, moments: 1 });
    bucket = own;
  }
  return { first: first.at.toISOString(), last: last.at.toISOString(), changes };
}
