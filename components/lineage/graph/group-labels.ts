import type { Point } from "@/components/ui/viewport";
import { NODE_HEIGHT, NODE_WIDTH, type GraphNode, type Positions } from "./graph";

export interface GroupLabel extends Point {
  text: string;
  count: number;
}

/**
 * What is where in a graph that is too small to be read: one label for each entity, in the middle of its nodes, the largest
 * first; one that would cover another is left out. `room` is the size of a label in the plane.
 */
export function groupLabels(
  nodes: Iterable<GraphNode>,
  positions: Positions,
  room: (text: string) => { width: number; height: number },
): GroupLabel[] {
  const sums = new Map<string, { x: number; y: number; count: number }>();
  for (const node of nodes) {
    const at = positions.get(node.id);
    const name = node.entity ?? node.kind;
    if (!at) continue;
    const sum = sums.get(name) ?? { x: 0, y: 0, count: 0 };
    sums.set(name, { x: sum.x + at.x + NODE_WIDTH / 2, y: sum.y + at.y + NODE_HEIGHT / 2, count: sum.count + 1 });
  }
  const labels: GroupLabel[] = [];
  const bySize = [...sums].sort(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1));
  for (const [name, { x, y, count }] of bySize) {
    const label = { text: `${name} · ${count}`, count, x: x / count, y: y / count };
    const size = room(label.text);
    const covers = labels.some(
      (other) => Math.abs(other.x - label.x) < (size.width + room(other.text).width) / 2 && Math.abs(other.y - label.y) < size.height, // prettier-ignore
    );
    if (!covers) labels.push(label);
  }
  return labels;
}
