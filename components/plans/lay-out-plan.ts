import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api";
import { NODE_WIDTH } from "./node-text";
import { buildPlanGraph, type PlanGraph } from "./plan-graph";

export interface Point {
  x: number;
  y: number;
}

/** A drawing in pixels, its left upper corner at 0, 0. */
export interface PlanLayout {
  width: number;
  height: number;
  nodes: Map<string, Point & { width: number; height: number }>;
  /** Edge to its corners. */
  edges: Map<string, Point[]>;
}

/** Between the nodes of a stack. */
const STACK_GAP = 12;
const MARGIN = 16;

let elk: Elk | undefined;

function start(): Elk {
  elk ??= new ELK({
    workerFactory: () => new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" }),
  });
  return elk;
}

/** Starts the worker ahead of the first plan, and has it compile what a layout needs, so that no plan waits for either. */
export function warmUp(): void {
  const reads = [{ column: "", from: { source: "" }, fitOnly: false }];
  void start().layout(
    toElk(buildPlanGraph([{ key: "a@1", stage: "a", reads, variants: [0] }], new Set([0])), new Map()),
  );
}

/** Layouts that were asked for lately, the newest last: what was only considered is there when it is chosen. */
const recent = new Map<string, Promise<ElkNode>>();
const MOST_RECENT = 8;

/** Places of everything, sources at the left, computed in a worker. */
export async function layOutPlan(graph: PlanGraph, heights: ReadonlyMap<string, number>): Promise<PlanLayout> {
  const asked = toElk(graph, heights);
  const key = JSON.stringify(asked);
  const laid = recent.get(key) ?? start().layout(asked);
  recent.delete(key);
  recent.set(key, laid);
  laid.catch(() => recent.delete(key));
  for (const old of [...recent.keys()].slice(0, -MOST_RECENT)) recent.delete(old);
  return fromElk(graph, heights, await laid);
}

/** A stack is one box for the layout: what it reads enters at its first node, what it writes leaves at its last. */
export function toElk({ stacks, edges, nodes }: PlanGraph, heights: ReadonlyMap<string, number>): ElkNode {
  const heightOf = (id: string) => heights.get(id) ?? 44;
  const inside = new Set(stacks.flatMap((stack) => stack.nodes.slice(1).map((id, at) => `${stack.nodes[at]} ${id}`)));
  const stackOf = new Map(stacks.flatMap((stack) => stack.nodes.map((id) => [id, stack.id] as const)));
  return {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.padding": `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
      "elk.layered.spacing.nodeNodeBetweenLayers": "26",
      "elk.layered.spacing.edgeNodeBetweenLayers": "12",
      "elk.layered.spacing.edgeEdgeBetweenLayers": "7",
      "elk.spacing.nodeNode": "16",
      "elk.spacing.edgeNode": "10",
      "elk.spacing.edgeEdge": "7",
      "elk.layered.nodePlacement.strategy": "LINEAR_SEGMENTS",
      "elk.layered.layering.strategy": "LONGEST_PATH_SOURCE",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    },
    children: stacks.map((stack) => {
      const tall = stack.nodes.map(heightOf);
      const height = tall.reduce((sum, one) => sum + one, 0) + STACK_GAP * (tall.length - 1);
      const source = nodes.get(stack.id)?.kind === "source";
      return {
        id: stack.id,
        width: NODE_WIDTH,
        height,
        layoutOptions: {
          "elk.portConstraints": "FIXED_POS",
          ...(source && { "elk.layered.layering.layerConstraint": "FIRST" }),
        },
        ports: [
          { id: `${stack.id} in`, x: 0, y: tall[0]! / 2, width: 0, height: 0, layoutOptions: side("WEST") },
          { id: `${stack.id} out`, x: NODE_WIDTH, y: height - tall.at(-1)! / 2, width: 0, height: 0, layoutOptions: side("EAST") }, // prettier-ignore
        ],
      };
    }),
    edges: edges
      .filter((edge) => !inside.has(edge.id))
      .map((edge) => ({
        id: edge.id,
        sources: [`${stackOf.get(edge.from)} out`],
        targets: [`${stackOf.get(edge.to)} in`],
      })),
  };
}

const side = (where: "WEST" | "EAST") => ({ "elk.port.side": where });

export function fromElk(graph: PlanGraph, heights: ReadonlyMap<string, number>, laid: ElkNode): PlanLayout {
  const nodes: PlanLayout["nodes"] = new Map();
  const edges: PlanLayout["edges"] = new Map();
  const boxes = new Map(laid.children?.map((child) => [child.id, child]));
  for (const stack of graph.stacks) {
    const box = boxes.get(stack.id);
    let y = box?.y ?? 0;
    const x = box?.x ?? 0;
    for (const [at, id] of stack.nodes.entries()) {
      const height = heights.get(id) ?? 44;
      nodes.set(id, { x, y, width: NODE_WIDTH, height });
      const before = stack.nodes[at - 1];
      if (before !== undefined)
        edges.set(`${before} ${id}`, [{ x: x + NODE_WIDTH / 2, y: y - STACK_GAP }, { x: x + NODE_WIDTH / 2, y }]); // prettier-ignore
      y += height + STACK_GAP;
    }
  }
  for (const { id, sections } of laid.edges ?? [])
    for (const { startPoint, bendPoints = [], endPoint } of sections ?? [])
      edges.set(id, [startPoint, ...bendPoints, endPoint]);
  return { width: laid.width ?? 0, height: laid.height ?? 0, nodes, edges };
}

/** A line through the points with round corners, as the `d` of a path. It ends `short` pixels before the last point. */
export function toPath(points: readonly Point[], radius = 6, short = 0): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const parts = [`M${first.x},${first.y}`];
  for (const [index, corner] of rest.entries()) {
    const before = points[index]!;
    const after = rest[index + 1];
    if (!after) {
      const end = towards(corner, before, short);
      parts.push(`L${end.x},${end.y}`);
      break;
    }
    const reach = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const [from, to] = [towards(corner, before, reach), towards(corner, after, reach)];
    parts.push(`L${from.x},${from.y}`, `Q${corner.x},${corner.y} ${to.x},${to.y}`);
  }
  return parts.join(" ");
}

const distance = (one: Point, other: Point) => Math.hypot(one.x - other.x, one.y - other.y);

function towards(from: Point, to: Point, by: number): Point {
  const away = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / away, y: from.y + ((to.y - from.y) * by) / away };
}
