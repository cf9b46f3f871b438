import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import type { FlowEdge } from "@/lib/domain/lineage/graph";
import { ENDS, edgesAt, type Side } from "./edges";

export interface WalkedNode {
  id: string;
  /** Steps from the focus, negative upstream. */
  distance: number;
  /** Neighbours on each side, and the edges to them: two nodes may have more than one. */
  upstream: number;
  downstream: number;
  edges: number;
}

export interface Walk {
  nodes: WalkedNode[];
  /** Between two of the nodes. */
  edges: FlowEdge[];
  /** Whether there are more nodes within the depth than `most`. */
  truncated: boolean;
}

/**
 * Everything within some steps of the focus, breadth first, each step over the whole frontier, all in one statement: a node is
 * expanded once, at its shortest distance, which a recursive statement cannot promise. At most `most` nodes, the nearest first.
 */
export async function walkAround(
  workspaceId: string,
  focus: string,
  { up, down, most, asOf }: { up: number; down: number; most: number; asOf?: string | null },
): Promise<Walk> {
  const holds = edgesAt(workspaceId, asOf);
  const steps = [...stepsTo("up", up, focus, holds, most), ...stepsTo("down", down, focus, holds, most)];
  const reached = [
    Prisma.sql`SELECT ${focus}::text AS "id", 0 AS "distance"`,
    ...steps.map(({ name, distance }) => Prisma.sql`SELECT "id", ${distance}::int FROM ${name}`),
  ];
  const [row] = await prisma().$queryRaw<{ nodes: NodeTuple[]; edges: EdgeTuple[] }[]>`
    WITH ${Prisma.join([
      ...steps.map(({ sql }) => sql),
      Prisma.sql`reached AS MATERIALIZED (
        SELECT "id", "distance" FROM (SELECT DISTINCT ON ("id") "id", "distance"
          FROM (${Prisma.join(reached, " UNION ALL ")}) r ORDER BY "id", abs("distance")) n
        ORDER BY abs("distance"), "distance", "id" COLLATE "C" LIMIT ${most + 1}),
      flow AS MATERIALIZED (
        SELECT n."id", e."to", e."role", t."id" IS NOT NULL AS "inside" FROM reached n
        CROSS JOIN LATERAL (SELECT e."to", e."role" FROM "LineageEdge" e WHERE ${holds} AND e."from" = n."id" OFFSET 0) e
        LEFT JOIN reached t ON t."id" = e."to"),
      below AS (
        SELECT "id", count(*)::int AS "neighbours", sum("edges")::int AS "edges"
        FROM (SELECT "id", "to", count(*) AS "edges" FROM flow GROUP BY "id", "to") f GROUP BY "id")`,
    ])}
    SELECT
      (SELECT coalesce(json_agg(json_build_array(r."id", r."distance", above."neighbours", coalesce(below."neighbours", 0),
          above."edges" + coalesce(below."edges", 0))), '[]')
        FROM reached r LEFT JOIN below ON below."id" = r."id" CROSS JOIN LATERAL (
          SELECT count(DISTINCT e."from")::int AS "neighbours", count(*)::int AS "edges"
          FROM "LineageEdge" e WHERE ${holds} AND e."to" = r."id" OFFSET 0) above) AS "nodes",
      (SELECT coalesce(json_agg(json_build_array("id", "to", "role")), '[]') FROM flow WHERE "inside") AS "edges"`;
  const nodes = (row?.nodes ?? [])
    .map(([id, distance, upstream, downstream, edges]) => ({ id, distance, upstream, downstream, edges }))
    .sort(nearestFirst);
  const edges = (row?.edges ?? []).map(([from, to, role]) => ({ from, to, role }));
  // The one node too many only shows that there are more.
  const beyond = nodes[most]?.id;
  return {
    nodes: nodes.slice(0, most),
    edges: beyond === undefined ? edges : edges.filter(({ from, to }) => from !== beyond && to !== beyond),
    truncated: beyond !== undefined,
  };
}

const nearestFirst = (one: WalkedNode, other: WalkedNode) =>
  Math.abs(one.distance) - Math.abs(other.distance) || one.distance - other.distance || (one.id < other.id ? -1 : 1);

type NodeTuple = [id: string, distance: number, upstream: number, downstream: number, edges: number];
type EdgeTuple = [from: string, to: string, role: FlowEdge["role"]];

interface Step {
  name: Prisma.Sql;
  distance: number;
  sql: Prisma.Sql;
}

/**
 * One step is what the step before leads to and no step before has. From the focus, every edge counts; further away, `through` does
 * not: what it leads to is only looked at, and who stands on a view because of a service does not go on to the view's other features.
 */
function stepsTo(side: Side, depth: number, focus: string, holds: Prisma.Sql, most: number): Step[] {
  const { here, there } = ENDS[side];
  const names = Array.from({ length: depth }, (_, index) => Prisma.raw(`${side}_${index + 1}`));
  return names.map((name, index): Step => {
    const distance = (side === "up" ? -1 : 1) * (index + 1);
    const before = names.slice(0, index);
    const sql =
      index === 0
        ? Prisma.sql`${name} AS MATERIALIZED (
            SELECT ${there} AS "id", bool_and(e."role" = 'through') AS "ends" FROM "LineageEdge" e
            WHERE ${holds} AND ${here} = ${focus} GROUP BY 1 ORDER BY 1 LIMIT ${most + 1})`
        : Prisma.sql`${name} AS MATERIALIZED (
            SELECT n."id", false AS "ends" FROM (
              SELECT DISTINCT x."id" FROM ${names[index - 1]} p CROSS JOIN LATERAL (
                SELECT ${there} AS "id" FROM "LineageEdge" e
                WHERE ${holds} AND ${here} = p."id" AND e."role" <> 'through' OFFSET 0) x
              WHERE NOT p."ends") n
            WHERE n."id" <> ${focus} AND n."id" NOT IN (${Prisma.join(
              before.map((one) => Prisma.sql`SELECT "id" FROM ${one}`),
              " UNION ALL ",
            )})
            ORDER BY 1 LIMIT ${most + 1})`;
    return { name, distance, sql };
  });
}
