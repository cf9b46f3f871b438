import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { FlowEdge } from "@/lib/domain/lineage/graph";

/** Of the edges `e`: those of the workspace that hold at the moment, or now. */
export function edgesAt(workspaceId: string, asOf: string | null | undefined): Prisma.Sql {
  return asOf
    ? Prisma.sql`e."workspaceId" = ${workspaceId} AND e."since" <= ${asOf}::timestamp(3) AND (e."until" IS NULL OR e."until" > ${asOf}::timestamp(3))`
    : Prisma.sql`e."workspaceId" = ${workspaceId} AND e."until" IS NULL`;
}

export type Side = "up" | "down";

/** The column in which a node stands when one goes from it to a side, and the one that is reached. */
export const ENDS = {
  up: { here: Prisma.sql`e."to"`, there: Prisma.sql`e."from"` },
  down: { here: Prisma.sql`e."from"`, there: Prisma.sql`e."to"` },
} as const satisfies Record<Side, unknown>;

/** Levels that the first statement counts; a deeper walk is asked for again. */
const COUNTED_LEVELS = 64;
/** What is only looked at: no id begins with it, so that nothing is found from there. */
const ONLY_THROUGH = "~";

/**
 * Everything on one side of a node by level, breadth first, in one statement: the recursion works level by level and keeps each id once, at
 * the level that finds it first. A number walks ahead of every level, finds the next number, and so tells where in the answer the next
 * level begins. From the node every edge counts, further on `through` does not: what only that leads to is looked at and ends there. The
 * inner query is fenced by OFFSET, so that every id is looked up in the index, whatever the planner believes about their number.
 */
export async function levelsFrom(
  workspaceId: string,
  node: string,
  side: Side,
  asOf: string | null | undefined,
  counted = COUNTED_LEVELS,
): Promise<string[][]> {
  const { here, there } = ENDS[side];
  const holds = edgesAt(workspaceId, asOf);
  // As one text: of tens of thousands of ids, anything else takes longer to write and read than to find.
  const [row] = await prisma().$queryRaw<{ ids: string }[]>`
    WITH RECURSIVE walk("id") AS (
      (SELECT '1' UNION ALL (
        SELECT CASE WHEN bool_and(e."role" = 'through') THEN ${ONLY_THROUGH} ELSE '' END || ${there}
        FROM "LineageEdge" e WHERE ${holds} AND ${here} = ${node} GROUP BY ${there}))
      UNION SELECT x."id" FROM walk w CROSS JOIN LATERAL (
        SELECT (w."id"::int + 1)::text AS "id" WHERE CASE WHEN w."id" ~ '^[0-9]' THEN w."id"::int < ${counted} END
        UNION ALL
        SELECT ${there} FROM "LineageEdge" e WHERE ${holds} AND ${here} = w."id" AND e."role" <> 'through'
        OFFSET 0) x
    ) SELECT string_agg("id", E'\\n') AS "ids" FROM walk`;
  const levels: string[][] = [];
  for (const id of (row?.ids ?? "").split("\n"))
    if (/^[0-9]/.test(id)) levels.push([]);
    else levels.at(-1)?.push(id.startsWith(ONLY_THROUGH) ? id.slice(1) : id);
  if (levels.at(-1)?.length) return levelsFrom(workspaceId, node, side, asOf, counted * 16);
  return levels;
}

/** The edges on one side of the frontier, one for each pair of nodes. */
export async function edgesFrom(
  workspaceId: string,
  side: Side,
  frontier: readonly string[],
  asOf: string | null | undefined,
): Promise<FlowEdge[]> {
  const [row] = await prisma().$queryRaw<{ edges: [from: string, to: string, role: FlowEdge["role"]][] }[]>`
    SELECT coalesce(json_agg(json_build_array(r."from", r."to", r."role")), '[]') AS "edges" FROM (
      SELECT DISTINCT ON (x."from", x."to") x."from", x."to", x."role" FROM unnest(${frontier}::text[]) AS f(id) CROSS JOIN LATERAL (
        SELECT e."from", e."to", e."role" FROM "LineageEdge" e
        WHERE ${edgesAt(workspaceId, asOf)} AND ${ENDS[side].here} = f.id OFFSET 0) x
      ORDER BY x."from", x."to", x."role" DESC) r`;
  return (row?.edges ?? []).map(([from, to, role]) => ({ from, to, role }));
}

/** Neighbours of each node on each side. A node without any is absent. */
export async function loadDegrees(
  workspaceId: string,
  ids: readonly string[],
  asOf: string | null | undefined,
): Promise<Map<string, { upstream: number; downstream: number }>> {
  const holds = edgesAt(workspaceId, asOf);
  const rows = await prisma().$queryRaw<{ id: string; upstream: number; downstream: number }[]>`
    SELECT f.id, u."n" AS "upstream", d."n" AS "downstream" FROM unnest(${ids}::text[]) AS f(id)
    CROSS JOIN LATERAL (SELECT count(DISTINCT e."from")::int AS "n" FROM "LineageEdge" e WHERE ${holds} AND e."to" = f.id OFFSET 0) u
    CROSS JOIN LATERAL (SELECT count(DISTINCT e."to")::int AS "n" FROM "LineageEdge" e WHERE ${holds} AND e."from" = f.id OFFSET 0) d`;
  return new Map(rows.map(({ id, upstream, downstream }) => [id, { upstream, downstream }]));
}
