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

/**
 * Everything that one step from the frontier leads to, once, whoever of the frontier it is next to. The inner query is fenced by OFFSET so
 * that every node is looked up in the index, whatever the planner believes about the size of the frontier.
 */
export async function stepFrom(
  workspaceId: string,
  side: Side,
  frontier: readonly string[],
  { asOf, through }: { asOf: string | null | undefined; through: boolean },
): Promise<{ id: string; onlyThrough: boolean }[]> {
  const { here, there } = ENDS[side];
  if (!through) {
    // As one text: of tens of thousands of ids, anything else takes longer to write and read than to find.
    const [found] = await prisma().$queryRaw<{ ids: string | null }[]>`
      SELECT string_agg(r."id", E'\\n') AS "ids" FROM (
        SELECT DISTINCT x."id" FROM unnest(${frontier}::text[]) AS f(id) CROSS JOIN LATERAL (
          SELECT ${there} AS "id" FROM "LineageEdge" e
          WHERE ${edgesAt(workspaceId, asOf)} AND ${here} = f.id AND e."role" <> 'through' OFFSET 0) x) r`;
    return (found?.ids?.split("\n") ?? []).map((id) => ({ id, onlyThrough: false }));
  }
  const [row] = await prisma().$queryRaw<{ reached: [id: string, onlyThrough: boolean][] }[]>`
    SELECT coalesce(json_agg(json_build_array(r."id", r."onlyThrough")), '[]') AS "reached" FROM (
      SELECT x."id", bool_and(x."role" = 'through') AS "onlyThrough" FROM unnest(${frontier}::text[]) AS f(id) CROSS JOIN LATERAL (
        SELECT ${there} AS "id", e."role" FROM "LineageEdge" e
        WHERE ${edgesAt(workspaceId, asOf)} AND ${here} = f.id OFFSET 0) x
      GROUP BY 1) r`;
  return (row?.reached ?? []).map(([id, onlyThrough]) => ({ id, onlyThrough }));
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
