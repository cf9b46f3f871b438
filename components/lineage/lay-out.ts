import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api";
import { NODE_HEIGHT, NODE_WIDTH, type Graph, type Position } from "./graph";

let elk: Elk | undefined;

/** Positions of all nodes, sources at the left. Computed in a worker, so that the page stays alive. */
export async function layOut({ nodes, edges }: Graph): Promise<Map<string, Position>> {
  elk ??= new ELK({
    workerFactory: () => new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" }),
  });
  const graph: ElkNode = {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": "72",
      "elk.spacing.nodeNode": "16",
      "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    },
    children: [...nodes.keys()].map((id) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges.map((edge, at) => ({ id: `e${at}`, sources: [edge.from], targets: [edge.to] })),
  };
  const laid = await elk.layout(graph);
  return new Map((laid.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
}

/** The layout moved as a whole, so that one node stays where the reader saw it. */
export function anchorAt(
  positions: Map<string, Position>,
  before: ReadonlyMap<string, Position>,
  anchor: string,
): Map<string, Position> {
  const [was, is] = [before.get(anchor), positions.get(anchor)];
  if (!was || !is) return positions;
  return new Map([...positions].map(([id, { x, y }]) => [id, { x: x + was.x - is.x, y: y + was.y - is.y }]));
}
