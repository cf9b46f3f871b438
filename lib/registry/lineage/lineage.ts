import type { Lineage, LineageNode, LineageQuery } from "@/lib/contracts/lineage";
import { DomainError } from "@/lib/domain/errors";
import { kindOf, nameOf, toNodeId } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { isFiltering, loadNodeFacts, meets, type NodeFacts, UNKNOWN_NODE } from "./nodes";
import { type WalkedNode, walkAround } from "./walk";
import { openScopeFor } from "../scope";

/** With filters, so many nodes are looked at before they are kept back. */
const MOST_WALKED = 5000;

/**
 * What flows into and out of one node, as the kept edges say, now or as it was. Two statements: the walk, and what its nodes show
 * of themselves. Filters keep nodes back after the walk, so that what lies behind them is found; all that is kept back is counted.
 * Throws `not_found` when the focus never was in the workspace.
 */
export async function getLineage(principal: Principal, query: LineageQuery): Promise<Lineage> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const focus = toNodeId(query.focus);
  const most = isFiltering(query) ? Math.max(MOST_WALKED, query.limit) : query.limit;
  const walk = await walkAround(workspace.id, focus, { ...query, most });
  const facts = await loadNodeFacts(
    workspace.id,
    walk.nodes.map((node) => node.id),
  );
  assertKnown(facts, focus, workspace.name);
  const met = isFiltering(query)
    ? walk.nodes.filter(
        ({ id }) => id === focus || meets(query, { kind: kindOf(id), ...(facts.get(id) ?? UNKNOWN_NODE) }),
      )
    : walk.nodes;
  const shown = met.slice(0, query.limit);
  const isShown = new Set(shown.map((node) => node.id));
  const edges =
    shown.length === walk.nodes.length
      ? walk.edges
      : walk.edges.filter((edge) => isShown.has(edge.from) && isShown.has(edge.to));
  return {
    focus,
    asOf: query.asOf ?? null,
    nodes: shown.map((node) => toNode(node, facts)),
    edges,
    truncated: walk.truncated || met.length > shown.length,
    hidden: {
      nodes: walk.nodes.length - shown.length + (walk.truncated ? 1 : 0),
      edges: shown.reduce((sum, node) => sum + node.edges, 0) - 2 * edges.length,
      atLeast: walk.truncated,
    },
  };
}

export function toNode(walked: WalkedNode, facts: ReadonlyMap<string, NodeFacts>): LineageNode {
  const { id, distance, upstream, downstream } = walked;
  return {
    id,
    kind: kindOf(id),
    name: nameOf(id),
    ...(facts.get(id) ?? UNKNOWN_NODE),
    upstream,
    downstream,
    distance,
  };
}

/** Throws `not_found` for a node that the registry has no row of, retired or not. */
export function assertKnown(facts: ReadonlyMap<string, NodeFacts>, id: string, workspace: string): void {
  if (facts.has(id)) return;
  throw new DomainError(
    "not_found",
    `There is no ${kindOf(id)} \`${nameOf(id)}\` in ${workspace}. Name a feature as entity.column, anything else as kind:name, such as stage:airport_segments.`,
    { node: id },
  );
}
