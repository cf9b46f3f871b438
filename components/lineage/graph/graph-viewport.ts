import type { Size, Viewport } from "@/components/ui/viewport";
import type { Box } from "./choose-full";
import { NODE_HEIGHT, NODE_WIDTH, type Point, type Positions } from "./graph";

export const ZOOM = { least: 0.04, most: 2 };
/** A graph is opened no smaller than this: everything on a node can be read. */
const READABLE = 0.64;
const MARGIN = 28;

/** The part of the plane that is in sight, widened on every side by a share of its size. */
export function sightOf({ x, y, zoom }: Viewport, { width, height }: Size, widen = 0): Box {
  return {
    left: (-x - width * widen) / zoom,
    top: (-y - height * widen) / zoom,
    right: (-x + width * (1 + widen)) / zoom,
    bottom: (-y + height * (1 + widen)) / zoom,
  };
}

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
  if (!box) return { x: 0, y: 0, zoom: 1 };
  const zoom = Math.min(
    1,
    Math.max(
      ZOOM.least,
      Math.min((size.width - 2 * MARGIN) / (box.right - box.left), (size.height - 2 * MARGIN) / (box.bottom - box.top)),
    ),
  );
  return centre({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }, zoom, size);
}

/** How a graph is opened: whole if it can be read so, else around the focus. */
export function openAt(positions: Positions, focus: string, size: Size): Viewport {
  const whole = fitAll(positions, size);
  const at = positions.get(focus);
  if (whole.zoom >= READABLE || !at) return whole;
  return centre({ x: at.x + NODE_WIDTH / 2, y: at.y + NODE_HEIGHT / 2 }, size.width < 600 ? READABLE : 0.8, size);
}

/** The viewport that shows the node: the same one if the node is in sight, else the smallest move. */
export function reveal(viewport: Viewport, at: Point, size: Size): Viewport {
  const shift = (from: number, length: number, room: number) => {
    if (from < MARGIN) return MARGIN - from;
    return from + length > room - MARGIN ? room - MARGIN - from - length : 0;
  };
  const { x, y, zoom } = viewport;
  const dx = shift(at.x * zoom + x, NODE_WIDTH * zoom, size.width);
  const dy = shift(at.y * zoom + y, NODE_HEIGHT * zoom, size.height);
  return dx === 0 && dy === 0 ? viewport : { x: x + dx, y: y + dy, zoom };
}

export const centre = ({ x, y }: Point, zoom: number, { width, height }: Size): Viewport => ({
  x: width / 2 - x * zoom,
  y: height / 2 - y * zoom,
  zoom,
});
