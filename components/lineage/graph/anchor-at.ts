import type { Point, Positions } from "./graph";

/** The layout moved as a whole, so that one node stays where the reader saw it. */
export function anchorAt(laid: Positions, before: Positions, anchor: string): Positions {
  const [was, is] = [before.get(anchor), laid.get(anchor)];
  if (!was || !is || (was.x === is.x && was.y === is.y)) return laid;
  return new Map(
    [...laid].map(([id, { x, y }]): [string, Point] => [id, { x: x + was.x - is.x, y: y + was.y - is.y }]),
  );
}
