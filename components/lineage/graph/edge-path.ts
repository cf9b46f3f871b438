import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./graph";
import type { Box } from "./choose-full";

/** A line from the right side of one node to the left side of another, as a cubic curve. */
export interface Curve {
  x1: number;
  y1: number;
  /** How far the curve runs on straight at its ends. */
  bend: number;
  x2: number;
  y2: number;
}

const ARROW = 4;

export function curveBetween(from: Point, to: Point): Curve {
  const [x1, y1] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x - ARROW, to.y + NODE_HEIGHT / 2];
  return { x1, y1, x2, y2, bend: x2 > x1 ? Math.max(24, (x2 - x1) / 2) : Math.min(240, 60 + (x1 - x2) / 4) };
}

export const crosses = ({ x1, y1, x2, y2, bend }: Curve, box: Box): boolean =>
  Math.max(x1, x2) + bend >= box.left &&
  Math.min(x1, x2) - bend <= box.right &&
  Math.max(y1, y2) >= box.top &&
  Math.min(y1, y2) <= box.bottom;

/** Middle of the curve, where its marks stand. */
export const middleOf = ({ x1, y1, x2, y2 }: Curve): Point => ({ x: (x1 + x2) / 2, y: (y1 + y2) / 2 });
