import type { Box, Point } from "@/components/ui/viewport";
import { NODE_HEIGHT, NODE_WIDTH, type Positions } from "./graph";
import { detailAt } from "./detail-at";

/** A part of the plane, in its own coordinates. */
/** More full nodes than this are never mounted. */
export const MOST_FULL = 300;

/**
 * The nodes that are mounted in full; all others are drawn as light placeholders. What must be there (focus, selection) comes
 * first. Where names can be read at this zoom, a graph that fits is mounted whole, and of a larger one what is in sight, nearest
 * to its middle first.
 */
export function chooseFull(
  positions: Positions,
  sight: Box,
  zoom: number,
  always: Iterable<string>,
  most = MOST_FULL,
): Set<string> {
  const full = new Set<string>();
  for (const id of always) if (positions.has(id) && full.size < most) full.add(id);
  if (detailAt(zoom) === "workspace") return full;
  if (positions.size <= most) return new Set(positions.keys());
  const middle: Point = { x: (sight.left + sight.right - NODE_WIDTH) / 2, y: (sight.top + sight.bottom - NODE_HEIGHT) / 2 }; // prettier-ignore
  const near: { id: string; far: number }[] = [];
  for (const [id, at] of positions)
    if (touches(at, sight)) near.push({ id, far: (at.x - middle.x) ** 2 + (at.y - middle.y) ** 2 });
  near.sort((one, other) => one.far - other.far || (one.id < other.id ? -1 : 1));
  for (const { id } of near) {
    if (full.size >= most) break;
    full.add(id);
  }
  return full;
}

export const touches = ({ x, y }: Point, { left, top, right, bottom }: Box): boolean =>
  x + NODE_WIDTH >= left && x <= right && y + NODE_HEIGHT >= top && y <= bottom;

export const holds = (outer: Box, inner: Box): boolean =>
  outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom;
