import type { PlanLayout } from "./lay-out-plan";
import type { GraphEdge } from "./plan-graph";

/** Where an arrow key leads from a node: along the data, or to the next node above or below. Null where it leads nowhere. */
export function nextNode(edges: readonly GraphEdge[], layout: PlanLayout, id: string, key: string): string | null {
  const at = layout.nodes.get(id);
  if (!at) return null;
  const away = (other: string) => {
    const place = layout.nodes.get(other);
    return place ? Math.abs(place.y - at.y) : Infinity;
  };
  const nearest = (ids: string[]) => ids.sort((one, other) => away(one) - away(other))[0] ?? null;
  if (key === "ArrowRight") return nearest(edges.filter((edge) => edge.from === id).map((edge) => edge.to));
  if (key === "ArrowLeft") return nearest(edges.filter((edge) => edge.to === id).map((edge) => edge.from));
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const inColumn = [...layout.nodes].filter(
    ([, place]) =>
      place.x < at.x + at.width &&
      place.x + place.width > at.x &&
      (key === "ArrowDown" ? place.y > at.y : place.y < at.y),
  );
  return nearest(inColumn.map(([other]) => other));
}
