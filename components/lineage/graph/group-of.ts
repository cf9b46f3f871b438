import type { Graph, GraphNode } from "./graph";

export type Grouping = "view" | "owner";

/** The group of each node. By view: a view with the features that it holds, those of several with the first by name. */
export function grouperOf(
  { nodes, edges }: Pick<Graph, "nodes" | "edges">,
  by: Grouping,
  focus: string | null,
): (node: GraphNode) => { name: string; detail: string } | null {
  // The focus is what the reader came for: it is never hidden in a group.
  if (by === "owner")
    return ({ id, owner }) => (id === focus || owner === "" ? null : { name: owner, detail: "owner" });
  const viewOf = new Map<string, string>();
  const holds = edges.filter(({ role, to }) => role === "contains" && to.startsWith("view:"));
  for (const { from, to } of holds) {
    const known = viewOf.get(from);
    if (known === undefined || to < known) viewOf.set(from, to);
  }
  return ({ id }) => {
    const view = id.startsWith("view:") ? id : viewOf.get(id);
    return id === focus || view === undefined || !nodes.has(view)
      ? null
      : { name: nodes.get(view)?.name ?? view, detail: "view" };
  };
}
