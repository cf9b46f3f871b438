import { NODE_WIDTH, type Positions } from "./graph";
import type { Adjacency } from "./adjacency";

/** Where a key of the keyboard leads from a node: along an edge, or to the next node of the same column. Null: nowhere. */
export function neighbourOf(adjacency: Adjacency, positions: Positions, id: string, key: string): string | null {
  const at = positions.get(id);
  if (!at) return null;
  const nearest = (ids: readonly string[]) => {
    let best: { id: string; far: number } | null = null;
    for (const other of ids) {
      const place = positions.get(other);
      const far = place ? Math.abs(place.y - at.y) : Infinity;
      if (far < (best?.far ?? Infinity)) best = { id: other, far };
    }
    return best?.id ?? null;
  };
  switch (key) {
    case "ArrowRight":
      return nearest(adjacency.down.get(id) ?? []);
    case "ArrowLeft":
      return nearest(adjacency.up.get(id) ?? []);
    case "ArrowDown":
    case "ArrowUp":
      return nearest(
        [...positions]
          .filter(([, { x, y }]) => Math.abs(x - at.x) < NODE_WIDTH / 2 && (key === "ArrowDown" ? y > at.y : y < at.y))
          .map(([other]) => other),
      );
    default:
      return null;
  }
}
