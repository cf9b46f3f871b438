import type { z } from "zod";
import type { findLineagePath as contract, LineagePaths } from "@/lib/contracts/lineage-paths";
import { toNodeId } from "@/lib/domain/lineage/graph";
import { shortestPaths } from "@/lib/domain/lineage/shortest-paths";
import type { Principal } from "@/lib/domain/principal";
import { assertKnown } from "./lineage";
import { edgesFrom } from "./edges";
import { describeNodes } from "./neighbours";
import { loadNodeFacts } from "./nodes";
import { openScopeFor } from "../scope";

/** Both searches end at so many nodes: a few seconds on the largest mesh that we measure. */
const MOST_VISITED = 60_000;

/** The shortest paths between two nodes, in whichever direction the data flow. One statement per step over the whole frontier. */
export async function findPath(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<LineagePaths> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const [from, to] = [toNodeId(query.from), toNodeId(query.to)];
  const known = await loadNodeFacts(workspace.id, [from, to]);
  for (const id of [from, to]) assertKnown(known, id, workspace.name);
  const search = (start: string, end: string) =>
    shortestPaths(start, end, (side, frontier) => edgesFrom(workspace.id, side, frontier, query.asOf), {
      limit: query.limit,
      most: MOST_VISITED,
    });
  const down = await search(from, to);
  const found = down.steps === null ? await search(to, from) : down;
  const direction = found.steps === null ? null : found === down ? "down" : "up";
  const distances = new Map([
    [from, 0],
    [to, 0],
  ]);
  for (const path of found.paths)
    path.forEach((edge, index) => {
      if (direction === "down") distances.set(edge.to, index + 1);
      else distances.set(edge.from, index - path.length);
    });
  const nodes = await describeNodes(workspace.id, [...distances.keys()], query.asOf);
  return {
    from,
    to,
    direction,
    steps: found.steps,
    total: found.total,
    paths: found.paths,
    nodes: nodes.map((node) => ({ ...node, distance: distances.get(node.id) ?? 0 })),
    exhausted: found.exhausted && (found === down || down.exhausted),
    visited: found === down ? down.visited : down.visited + found.visited,
  };
}
