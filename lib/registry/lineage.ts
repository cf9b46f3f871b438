import type { Lineage, LineageKind } from "@/lib/contracts/lineage";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { edgesAround, idOf, kindOf, nameOf, type Edge } from "./lineage-edges";
import { loadNodeFacts } from "./lineage-nodes";
import { openScopeFor } from "./scope";

/**
 * What flows into and out of one node, from the stage mesh and the feature versions: a view takes exactly its features, a
 * model exactly those that its newest version reads. Each step is a few statements over the whole frontier.
 */
export async function getLineage(
  principal: Principal,
  query: { workspace: string; focus: string; up: number; down: number; limit: number },
): Promise<Lineage> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const focus = query.focus.includes(":") ? query.focus : idOf("feature", query.focus);
  const edges = new Map<string, Edge>();
  const known = new Set<string>();
  const distances = new Map([[focus, 0]]);
  let truncated = false;
  const learn = async (ids: string[]) => {
    const unknown = ids.filter((id) => !known.has(id));
    for (const edge of await edgesAround(workspace.id, unknown))
      edges.set(`${edge.from} ${edge.to} ${edge.role}`, edge);
    for (const id of unknown) known.add(id);
  };
  const walk = async (depth: number, direction: "up" | "down") => {
    let frontier = [focus];
    for (let step = 1; step <= depth && frontier.length > 0; step += 1) {
      await learn(frontier);
      const here = new Set(frontier);
      const reached = new Set<string>();
      for (const edge of edges.values())
        if (direction === "up" ? here.has(edge.to) : here.has(edge.from))
          reached.add(direction === "up" ? edge.from : edge.to);
      frontier = [];
      for (const id of [...reached].sort()) {
        if (distances.has(id)) continue;
        if (distances.size >= query.limit) {
          truncated = true;
          continue;
        }
        distances.set(id, direction === "up" ? -step : step);
        frontier.push(id);
      }
    }
  };
  await walk(query.up, "up");
  await walk(query.down, "down");
  // What lies beyond the outermost nodes is counted, so that nothing is hidden silently.
  await learn([...distances.keys()]);
  const facts = await loadNodeFacts(workspace, [...distances.keys()]);
  if (!facts.has(focus))
    throw new DomainError(
      "not_found",
      `There is no ${kindOf(focus)} \`${nameOf(focus)}\` in ${workspace.name}. A focus is entity.column, or kind:name such as stage:airport_segments.`,
      { focus: query.focus },
    );
  const all = [...edges.values()];
  const upstream = countBy(all, "to", "from");
  const downstream = countBy(all, "from", "to");
  return {
    focus,
    nodes: [...distances].map(([id, distance]) => ({
      id,
      kind: kindOf(id) as LineageKind,
      name: nameOf(id),
      ...(facts.get(id) ?? { entity: null, detail: "", owner: "", environments: [], drift: null, leak: null }),
      upstream: upstream.get(id)?.size ?? 0,
      downstream: downstream.get(id)?.size ?? 0,
      distance,
    })),
    edges: all.filter((edge) => distances.has(edge.from) && distances.has(edge.to)),
    truncated,
  };
}

/** Neighbours of each node on one side. */
function countBy(edges: Edge[], of: "from" | "to", other: "from" | "to"): Map<string, Set<string>> {
  const neighbours = new Map<string, Set<string>>();
  for (const edge of edges) {
    const set = neighbours.get(edge[of]) ?? new Set();
    set.add(edge[other]);
    neighbours.set(edge[of], set);
  }
  return neighbours;
}
