import type { Box, Point } from "@/components/ui/viewport";
import { edgeKey, NODE_HEIGHT, NODE_WIDTH, type GraphEdge, type Positions } from "./graph";

/** A line from the right side of one node to the left side of another, as cubic curves that lie flat where they meet. */
export interface Curve {
  start: Point;
  /** Control points and end of each piece. */
  pieces: { c1: Point; c2: Point; end: Point }[];
  /** Around it, control points included. */
  box: Box;
  /** Where its marks stand. */
  middle: Point;
}

const ARROW = 4;
const LEAST_BEND = 24;

/** `via` are points that the line goes through, where the layout led it around other nodes. */
export function curveBetween(from: Point, to: Point, via: readonly Point[] = []): Curve {
  const start = { x: from.x + NODE_WIDTH, y: from.y + NODE_HEIGHT / 2 };
  const end = { x: to.x - ARROW, y: to.y + NODE_HEIGHT / 2 };
  const points = [start, ...via, end];
  const pieces = points.slice(1).map((point, at) => piece(points[at] as Point, point, points.length === 2));
  const all = [start, ...pieces.flatMap(({ c1, c2, end }) => [c1, c2, end])];
  const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
  const [a, b] = [points[(points.length >> 1) - 1] as Point, points[points.length >> 1] as Point];
  return {
    start,
    pieces,
    box: { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) },
    middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
  };
}

function piece(from: Point, to: Point, isWhole: boolean) {
  const across = to.x - from.x;
  // Backwards: around its ends when nothing leads it, else straight along what does.
  const back = isWhole ? Math.min(240, 60 - across / 4) : 0;
  const bend = across > 0 ? Math.max(isWhole ? LEAST_BEND : 0, across / 2) : back;
  return { c1: { x: from.x + bend, y: from.y }, c2: { x: to.x - bend, y: to.y }, end: to };
}

/** Curves of all edges whose ends have places, by `edgeKey`. */
export function curvesOf(
  edges: readonly GraphEdge[],
  positions: Positions,
  routes: ReadonlyMap<string, readonly Point[]>,
): Map<string, Curve> {
  const curves = new Map<string, Curve>();
  for (const edge of edges) {
    const [from, to] = [positions.get(edge.from), positions.get(edge.to)];
    const key = edgeKey(edge);
    if (from && to) curves.set(key, curveBetween(from, to, routes.get(key)));
  }
  return curves;
}

export const crosses = ({ box }: Curve, { left, top, right, bottom }: Box): boolean =>
  box.right >= left && box.left <= right && box.bottom >= top && box.top <= bottom;

/** As the `d` of an SVG path. */
export const pathOf = ({ start, pieces }: Curve): string =>
  `M${start.x},${start.y}${pieces.map(({ c1, c2, end }) => ` C${c1.x},${c1.y} ${c2.x},${c2.y} ${end.x},${end.y}`).join("")}`;
