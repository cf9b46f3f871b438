import {
  AT_FIRST,
  type Box,
  centreOn,
  fitBox,
  type Point,
  shiftIntoSight,
  type Size,
  toScreen,
  type Viewport,
  type ZoomLimits,
} from "@/components/ui/viewport";
import { NODE_HEIGHT, NODE_WIDTH, type Positions } from "./graph";

export const ZOOM: ZoomLimits = { least: 0.04, most: 2 };
/** A graph is opened no smaller than this: everything on a node can be read. */
const READABLE = 0.64;
const MARGIN = 28;

/** Around all nodes; null when there are none. */
export function boundsOf(positions: Positions): Box | null {
  if (positions.size === 0) return null;
  const box: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of positions.values()) {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x + NODE_WIDTH);
    box.bottom = Math.max(box.bottom, y + NODE_HEIGHT);
  }
  return box;
}

/** The whole graph, however small it gets. */
export function fitAll(positions: Positions, size: Size): Viewport {
  const box = boundsOf(positions);
  return box ? fitBox(box, size, MARGIN, { least: ZOOM.least, most: 1 }) : AT_FIRST;
}

/** How a graph is opened: whole if it can be read so, else around the focus. */
export function openAt(positions: Positions, focus: string, size: Size): Viewport {
  const whole = fitAll(positions, size);
  const at = positions.get(focus);
  if (whole.zoom >= READABLE || !at) return whole;
  return centreOn({ x: at.x + NODE_WIDTH / 2, y: at.y + NODE_HEIGHT / 2 }, size.width < 600 ? READABLE : 0.8, size);
}

/** The viewport that shows the node: the same one if the node is in sight, else the smallest move. */
export function reveal(viewport: Viewport, at: Point, size: Size): Viewport {
  const { x, y } = toScreen(viewport, at);
  const dx = shiftIntoSight(x, NODE_WIDTH * viewport.zoom, size.width, MARGIN);
  const dy = shiftIntoSight(y, NODE_HEIGHT * viewport.zoom, size.height, MARGIN);
  return dx === 0 && dy === 0 ? viewport : { ...viewport, x: viewport.x + dx, y: viewport.y + dy };
}
