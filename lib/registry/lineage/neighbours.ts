import type { z } from "zod";
import type { LineageNeighbour, LineageNode, listLineageNeighbours as contract } from "@/lib/contracts/lineage";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { kindOf, type LineageRole, nameOf, toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { searchList } from "@/lib/domain/search/search-list";
import { assertKnown, toNode } from "./lineage";
import { ENDS, edgesAt, loadDegrees, type Side } from "./edges";
import { loadNodeFacts } from "./nodes";
import { pageOf } from "../paging";
import { openScopeFor } from "../scope";

/**
 * The neighbours of one node on one side, by kind and name, or those that have every word, the best first. The cursor is the last
 * id seen, or how many of the finds were seen.
 */
export async function listNeighbours(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<{ items: LineageNeighbour[]; total: number; nextCursor: string | null }> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const node = toNodeId(query.node);
  const { here, there } = ENDS[query.side];
  const kinds = query.kind ? Prisma.sql`AND split_part(n."id", ':', 1) = ANY(${query.kind}::text[])` : Prisma.empty;
  const isSearched = query.q.trim() !== "";
  const [after, limit] = isSearched ? ["", null] : [query.cursor ?? "", query.limit + 1];
  const rows = await prisma().$queryRaw<{ id: string; roles: LineageRole[]; total: number }[]>`
    WITH neighbour AS MATERIALIZED (
      SELECT n."id", n."roles" FROM (
        SELECT ${there} AS "id", array_agg(DISTINCT e."role") AS "roles" FROM "LineageEdge" e
        WHERE ${edgesAt(workspace.id, query.asOf)} AND ${here} = ${node} GROUP BY 1) n
      WHERE true ${kinds})
    SELECT "id", "roles", (SELECT count(*)::int FROM neighbour) AS "total" FROM neighbour
    WHERE "id" COLLATE "C" > ${after} ORDER BY "id" COLLATE "C" LIMIT ${limit}`;
  const found = isSearched
    ? pageOf(
        searchList(rows, query.q, ({ id }) => ({ name: nameOf(id), texts: [kindOf(id)] })),
        query,
      )
    : null;
  const page = found?.items ?? rows.slice(0, query.limit);
  const facts = await loadNodeFacts(workspace.id, [node, ...page.map((row) => row.id)]);
  assertKnown(facts, node, workspace.name);
  const nodes = await describeNodes(
    workspace.id,
    page.map((row) => row.id),
    query.asOf,
    facts,
  );
  return {
    items: page.map((row, index) => ({
      ...(nodes[index] as LineageNode),
      distance: query.side === "up" ? -1 : 1,
      roles: row.roles,
    })),
    total:
      found?.total ??
      rows[0]?.total ??
      (query.cursor ? await countNeighbours(workspace.id, node, query.side, query.asOf) : 0),
    nextCursor: found ? found.nextCursor : rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  };
}

async function countNeighbours(workspaceId: string, node: string, side: Side, asOf: string | undefined) {
  const degrees = await loadDegrees(workspaceId, [node], asOf);
  return degrees.get(node)?.[side === "up" ? "upstream" : "downstream"] ?? 0;
}

/** Nodes with what they show of themselves, in the order of the ids; distances are 0. */
export async function describeNodes(
  workspaceId: string,
  ids: readonly string[],
  asOf: string | null | undefined,
  known?: Awaited<ReturnType<typeof loadNodeFacts>>,
): Promise<LineageNode[]> {
  const facts = known ?? (await loadNodeFacts(workspaceId, ids));
  const degrees = await loadDegrees(workspaceId, ids, asOf);
  return ids.map((id) =>
    toNode({ id, distance: 0, edges: 0, ...(degrees.get(id) ?? { upstream: 0, downstream: 0 }) }, facts),
  );
}

/** By kind, then by name. */
export const compareNodes = (one: string, other: string): number =>
  kindOf(one).localeCompare(kindOf(other)) || nameOf(one).localeCompare(nameOf(other));
