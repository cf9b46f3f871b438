import { edgeKey, type Graph, type GraphEdge, type GraphNode, type Hidden } from "./graph";

export interface Collapsed extends Graph {
  /** Shown node → what it stands for in the graph it was made of; a node that was not collapsed stands for itself. */
  homes: ReadonlyMap<string, string>;
  /** Edges between two members of one group: not drawn, and therefore counted. */
  inside: number;
}

/**
 * Nodes of one group as one node with a count. `groupOf` names a node's group (null: it stays by itself), groups in `open` and
 * groups of one stay as they are. Every edge is drawn, part of a drawn edge's `count`, or counted in `inside`.
 */
export function collapse(
  graph: Graph,
  groupOf: (node: GraphNode) => { name: string; detail: string } | null,
  open: ReadonlySet<string>,
): Collapsed {
  const groups = new Map<string, { name: string; detail: string; members: GraphNode[] }>();
  for (const node of graph.nodes.values()) {
    const group = groupOf(node);
    if (!group || open.has(group.name)) continue;
    const known = groups.get(group.name);
    if (known) known.members.push(node);
    else groups.set(group.name, { ...group, members: [node] });
  }
  const homes = new Map<string, string>([...graph.nodes.keys()].map((id) => [id, id]));
  const nodes = new Map<string, GraphNode>();
  for (const { name, members } of groups.values())
    if (members.length > 1) for (const { id } of members) homes.set(id, `group:${name}`);
  for (const node of graph.nodes.values()) {
    const home = homes.get(node.id) ?? node.id;
    if (home === node.id) nodes.set(home, node);
    else if (!nodes.has(home)) nodes.set(home, toGroup(home, groups.get(home.slice("group:".length))));
  }
  const edges = new Map<string, GraphEdge>();
  let inside = 0;
  for (const edge of graph.edges) {
    const moved = { ...edge, from: homes.get(edge.from) ?? edge.from, to: homes.get(edge.to) ?? edge.to };
    if (moved.from === moved.to) {
      inside += edge.count;
      continue;
    }
    const known = edges.get(edgeKey(moved));
    if (known) known.count += edge.count;
    else edges.set(edgeKey(moved), moved);
  }
  const hidden = new Map<string, Hidden>();
  for (const [id, { up, down }] of graph.hidden) {
    const home = homes.get(id) ?? id;
    const sum = hidden.get(home) ?? { up: 0, down: 0 };
    hidden.set(home, { up: sum.up + up, down: sum.down + down });
  }
  return { nodes, edges: [...edges.values()], hidden, homes, inside };
}

function toGroup(id: string, group: { name: string; detail: string; members: GraphNode[] } | undefined): GraphNode {
  const members = group?.members ?? [];
  const common = <Value>(of: (node: GraphNode) => Value, otherwise: Value) => {
    const values = new Set(members.map(of));
    return values.size === 1 ? ([...values][0] as Value) : otherwise;
  };
  const worst = (of: (node: GraphNode) => string | null, order: readonly string[]) =>
    order.find((state) => members.some((member) => of(member) === state)) ?? null;
  return {
    ...(members[0] as GraphNode),
    id,
    kind: "group",
    name: group?.name ?? "",
    retired: members.every(({ retired }) => retired),
    entity: common(({ entity }) => entity, null),
    detail: group?.detail ?? "",
    owner: common(({ owner }) => owner, ""),
    environments: [...new Set(members.flatMap(({ environments }) => environments))].sort(),
    drift: worst(({ drift }) => drift, ["critical", "warn", "fine"]),
    leak: worst(({ leak }) => leak, ["leak", "unknown", "safe"]),
    upstream: members.reduce((sum, { upstream }) => sum + upstream, 0),
    downstream: members.reduce((sum, { downstream }) => sum + downstream, 0),
    distance: members.reduce((nearest, { distance }) => (Math.abs(distance) < Math.abs(nearest) ? distance : nearest), 99), // prettier-ignore
    size: members.length,
    members: members.map((member) => member.id),
  };
}
