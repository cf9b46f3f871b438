import type { z } from "zod";
import type { diffLineage as contract, LineageDifference } from "@/lib/contracts/lineage-history";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { type FlowEdge, toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { assertKnown } from "./lineage";
import { edgesAt } from "./edges";
import { compareNodes, describeNodes } from "./neighbours";
import { loadNodeFacts } from "./nodes";
import { walkAround } from "./walk";
import { openScopeFor } from "../scope";

/** Around a focus, so many nodes are looked at. */
const MOST_AROUND = 5000;

/** What changed in the lineage between two moments: an edge that ended and began again in between did not change. */
export async function diffLineage(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<LineageDifference> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const asOf = query.asOf ?? new Date().toISOString();
  const around = query.focus ? await idsAround(workspace, { ...query, asOf, focus: query.focus }) : null;
  const isForward = query.against <= asOf;
  const [earlier, later] = isForward ? [query.against, asOf] : [asOf, query.against];
  const [begun, ended] = [
    await changesOf(workspace.id, "begun", earlier, later, around, query.limit),
    await changesOf(workspace.id, "ended", earlier, later, around, query.limit),
  ];
  const [added, removed] = isForward ? [begun, ended] : [ended, begun];
  const listed = new Set([...added.edges, ...removed.edges].flatMap((edge) => [edge.from, edge.to]));
  return {
    against: query.against,
    asOf,
    counts: {
      addedEdges: added.edgeCount,
      removedEdges: removed.edgeCount,
      addedNodes: added.nodeCount,
      removedNodes: removed.nodeCount,
    },
    added: added.edges,
    removed: removed.edges,
    addedNodes: added.nodes,
    removedNodes: removed.nodes,
    nodes: await describeNodes(workspace.id, [...listed].sort(compareNodes), asOf),
    truncated: [added, removed].some(
      (change) => change.edgeCount > change.edges.length || change.nodeCount > change.nodes.length,
    ),
  };
}

/** The neighbourhood as it was at either moment. */
async function idsAround(
  workspace: { id: string; name: string },
  query: { focus: string; up: number; down: number; asOf: string; against: string },
): Promise<string[]> {
  const focus = toNodeId(query.focus);
  assertKnown(await loadNodeFacts(workspace.id, [focus]), focus, workspace.name);
  const ids = new Set<string>();
  for (const asOf of [query.asOf, query.against]) {
    const { up, down } = query;
    const walk = await walkAround(workspace.id, focus, { up, down, most: MOST_AROUND, asOf });
    for (const { id } of walk.nodes) ids.add(id);
  }
  return [...ids];
}

interface Changes {
  edges: FlowEdge[];
  edgeCount: number;
  /** Ends of these edges that have no edge at the other moment. */
  nodes: string[];
  nodeCount: number;
}

async function changesOf(
  workspaceId: string,
  change: "begun" | "ended",
  earlier: string,
  later: string,
  around: string[] | null,
  limit: number,
): Promise<Changes> {
  // Only rows that began or ended in between are looked at: two moments of a large mesh are mostly alike.
  const between =
    change === "begun"
      ? Prisma.sql`e."since" > ${earlier}::timestamp(3) AND e."since" <= ${later}::timestamp(3)`
      : Prisma.sql`e."until" > ${earlier}::timestamp(3) AND e."until" <= ${later}::timestamp(3)`;
  const [there, here] = change === "begun" ? [later, earlier] : [earlier, later];
  const near = around
    ? Prisma.sql`AND e."from" = ANY(${around}::text[]) AND e."to" = ANY(${around}::text[])`
    : Prisma.empty;
  const [row] = await prisma().$queryRaw<(Omit<Changes, "edges"> & { edges: [string, string, FlowEdge["role"]][] })[]>`
    WITH change AS MATERIALIZED (
      SELECT DISTINCT c."from", c."to", c."role"
      FROM (SELECT e."from", e."to", e."role" FROM "LineageEdge" e WHERE ${edgesAt(workspaceId, there)} AND ${between} ${near}) c
      WHERE NOT EXISTS (SELECT 1 FROM "LineageEdge" e
        WHERE ${edgesAt(workspaceId, here)} AND e."from" = c."from" AND e."to" = c."to" AND e."role" = c."role")),
    ends AS MATERIALIZED (
      SELECT n."id" FROM (SELECT "from" AS "id" FROM change UNION SELECT "to" FROM change) n
      WHERE NOT EXISTS (SELECT 1 FROM "LineageEdge" e WHERE ${edgesAt(workspaceId, here)} AND e."from" = n."id")
        AND NOT EXISTS (SELECT 1 FROM "LineageEdge" e WHERE ${edgesAt(workspaceId, here)} AND e."to" = n."id"))
    SELECT (SELECT count(*)::int FROM change) AS "edgeCount", (SELECT count(*)::int FROM ends) AS "nodeCount",
      (SELECT coalesce(json_agg(json_build_array("from", "to", "role")), '[]')
        FROM (SELECT * FROM change ORDER BY "from", "to", "role" LIMIT ${limit}) c) AS "edges",
      (SELECT coalesce(json_agg("id"), '[]') FROM (SELECT "id" FROM ends ORDER BY "id" LIMIT ${limit}) e) AS "nodes"`;
  const { edges = [], edgeCount = 0, nodes = [], nodeCount = 0 } = row ?? {};
  return { edges: edges.map(([from, to, role]) => ({ from, to, role })), edgeCount, nodes, nodeCount };
}
