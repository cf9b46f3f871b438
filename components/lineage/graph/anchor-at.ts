import type { Point } from "@/components/ui/viewport";
import type { Positions } from "./graph";

/** Where a layout put nodes, and the points through which it led edges (by `edgeKey`). */
export interface Placement {
  positions: Positions;
  routes: ReadonlyMap<string, readonly Point[]>;
}

/** The layout moved as a whole, so that one node stays where the reader saw it. */
export function anchorAt(laid: Placement, before: Positions, anchor: string): Placement {
  const [was, is] = [before.get(anchor), laid.positions.get(anchor)];
  if (!was || !is || (was.x === is.x && was.y === is.y)) return laid;
  const move = ({ x, y }: Point): Point => ({ x: x + was.x - is.x, y: y + was.y - is.y });
  return {
    positions: new Map([...laid.positions].map(([id, at]) => [id, move(at)])),
    routes: new Map([...laid.routes].map(([key, points]) => [key, points.map(move)])),
  };
}
