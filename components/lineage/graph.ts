import type { Lineage, LineageEdge, LineageNode } from "@/lib/contracts/lineage";

/** What is shown: neighbourhoods put together, each node and edge once. */
export interface Graph {
  nodes: Map<string, LineageNode>;
  edges: LineageEdge[];
  /** Node → neighbours that exist on a side and are not shown. */
  hidden: Map<string, { up: number; down: number }>;
}

export function mergeLineages(lineages: readonly Lineage[]): Graph {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageEdge>();
  for (const lineage of lineages) {
    for (const node of lineage.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
    for (const edge of lineage.edges) edges.set(`${edge.from} ${edge.to} ${edge.role}`, edge);
  }
  const shown = [...edges.values()];
  const hidden = new Map<string, { up: number; down: number }>();
  for (const node of nodes.values()) {
    const up = new Set(shown.filter((edge) => edge.to === node.id).map((edge) => edge.from)).size;
    const down = new Set(shown.filter((edge) => edge.from === node.id).map((edge) => edge.to)).size;
    hidden.set(node.id, { up: Math.max(0, node.upstream - up), down: Math.max(0, node.downstream - down) });
  }
  return { nodes, edges: shown, hidden };
}

/** Everything that flows into a node and out of it, the node included, following the direction of the data. */
export function traceOf(edges: readonly LineageEdge[], id: string): Set<string> {
  const trace = new Set([id]);
  const walk = (from: "from" | "to", to: "from" | "to") => {
    const queue = [id];
    const seen = new Set(queue);
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const edge of edges)
        if (edge[from] === at && !seen.has(edge[to])) {
          seen.add(edge[to]);
          trace.add(edge[to]);
          queue.push(edge[to]);
        }
  };
  walk("from", "to");
  walk("to", "from");
  return trace;
}

export interface Position {
  x: number;
  y: number;
}

/** Where a key of the keyboard leads from a node: along an edge, or to the next node of the same column. */
export function neighbourOf(
  { edges, nodes }: Graph,
  positions: ReadonlyMap<string, Position>,
  id: string,
  key: string,
): string | null {
  const at = positions.get(id);
  if (!at) return null;
  const y = (other: string) => positions.get(other)?.y ?? 0;
  const nearest = (ids: string[]) =>
    ids.sort((one, other) => Math.abs(y(one) - at.y) - Math.abs(y(other) - at.y))[0] ?? null;
  switch (key) {
    case "ArrowRight":
      return nearest(edges.filter((edge) => edge.from === id).map((edge) => edge.to));
    case "ArrowLeft":
      return nearest(edges.filter((edge) => edge.to === id).map((edge) => edge.from));
    case "ArrowDown":
    case "ArrowUp": {
      const down = key === "ArrowDown";
      const column = [...nodes.keys()].filter((other) => {
        const place = positions.get(other);
        return place && Math.abs(place.x - at.x) < NODE_WIDTH / 2 && (down ? place.y > at.y : place.y < at.y);
      });
      return nearest(column);
    }
    default:
      return null;
  }
}

/** Pixels. */
export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 56;
