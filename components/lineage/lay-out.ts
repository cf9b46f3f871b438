import type { Point } from "@/components/ui/viewport";
import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api";
import { GAP } from "./graph/lay-out-fast";
import type { Placement } from "./graph/anchor-at";
import { edgeKey, NODE_HEIGHT, NODE_WIDTH, type Graph, type Positions } from "./graph/graph";

/**
 * ELK's layered layout takes 0.3 s for 250 nodes, 1 s for 800 and far longer for 2,000; the fast one takes some milliseconds for
 * any of them and crosses more lines.
 */
const MOST_CAREFUL = { nodes: 250, edges: 700 };

/** Places of all nodes, sources at the left, and ways of the edges around them; the same graph gives the same positions. Computed in a worker, so that the page stays alive. */
export function layOut(graph: Pick<Graph, "nodes" | "edges">): Promise<Placement> {
  const isSmall = graph.nodes.size <= MOST_CAREFUL.nodes && graph.edges.length <= MOST_CAREFUL.edges;
  return isSmall ? layOutCarefully(graph) : layOutInWorker(graph);
}

let elk: Elk | undefined;

async function layOutCarefully({ nodes, edges }: Pick<Graph, "nodes" | "edges">): Promise<Placement> {
  elk ??= new ELK({
    workerFactory: () => new Worker(new URL("./elk-worker.ts", import.meta.url), { type: "module" }),
  });
  const graph: ElkNode = {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP.across),
      "elk.spacing.nodeNode": String(GAP.down),
      "elk.edgeRouting": "POLYLINE",
      "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    },
    children: [...nodes.keys()].map((id) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges.map((edge, at) => ({ id: `e${at}`, sources: [edge.from], targets: [edge.to] })),
  };
  const laid = await elk.layout(graph);
  const routes = new Map<string, Point[]>();
  edges.forEach((edge, at) => {
    const via = laid.edges?.[at]?.sections?.[0]?.bendPoints ?? [];
    if (via.length > 0) routes.set(edgeKey(edge), via);
  });
  return {
    positions: new Map((laid.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }])),
    routes,
  };
}

export interface FastLayoutRequest {
  /** Tells answers apart; they come in the order of the requests. */
  ticket: number;
  ids: string[];
  edges: { from: string; to: string }[];
}

let worker: Worker | undefined;
let tickets = 0;

function layOutInWorker({ nodes, edges }: Pick<Graph, "nodes" | "edges">): Promise<Placement> {
  worker ??= new Worker(new URL("./fast-layout-worker.ts", import.meta.url), { type: "module" });
  const asked = worker;
  const request: FastLayoutRequest = {
    ticket: (tickets += 1),
    ids: [...nodes.keys()],
    edges: edges.map(({ from, to }) => ({ from, to })),
  };
  return new Promise((resolve, reject) => {
    const stop = () => {
      asked.removeEventListener("message", onMessage);
      asked.removeEventListener("error", onError);
    };
    const onMessage = ({ data }: MessageEvent<{ ticket: number; positions: Positions }>) => {
      if (data.ticket !== request.ticket) return;
      stop();
      resolve({ positions: data.positions, routes: new Map() });
    };
    const onError = (event: ErrorEvent) => {
      stop();
      reject(new Error(`The layout could not be computed: ${event.message || "its worker did not start"}.`));
    };
    asked.addEventListener("message", onMessage);
    asked.addEventListener("error", onError);
    asked.postMessage(request);
  });
}
