import type { LineageEdge, LineageNode } from "@/lib/contracts/lineage";
import { adjacencyOf } from "./adjacency";
import { edgeKey, type Graph, type GraphEdge, type GraphNode } from "./graph";

/** Neighbourhoods put together; the first answer about a node or an edge holds. */
export function mergeLineages(lineages: readonly { nodes: LineageNode[]; edges: LineageEdge[] }[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const lineage of lineages) {
    for (const node of lineage.nodes) if (!nodes.has(node.id)) nodes.set(node.id, toGraphNode(node));
    for (const edge of lineage.edges) if (!edges.has(edgeKey(edge))) edges.set(edgeKey(edge), { ...edge, count: 1 });
  }
  const shown = [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  const { up, down } = adjacencyOf(shown);
  const hidden = new Map(
    [...nodes.values()].map(({ id, upstream, downstream }) => [
      id,
      {
        up: Math.max(0, upstream - (up.get(id)?.length ?? 0)),
        down: Math.max(0, downstream - (down.get(id)?.length ?? 0)),
      },
    ]),
  );
  return { nodes, edges: shown, hidden };
}

const toGraphNode = (node: LineageNode): GraphNode => ({ ...node, size: 1, members: [] });
