import type { LineageRole } from "@/lib/domain/lineage/graph";
import type { Side } from "./graph";

/** Neighbours of every node on both sides, each once, in the order of the edges. */
export interface Adjacency {
  up: ReadonlyMap<string, readonly string[]>;
  down: ReadonlyMap<string, readonly string[]>;
}

export function adjacencyOf(edges: Iterable<{ from: string; to: string }>): Adjacency {
  const up = new Map<string, Set<string>>();
  const down = new Map<string, Set<string>>();
  const add = (side: Map<string, Set<string>>, of: string, other: string) => {
    const others = side.get(of);
    if (others) others.add(other);
    else side.set(of, new Set([other]));
  };
  for (const { from, to } of edges) {
    add(up, to, from);
    add(down, from, to);
  }
  const lists = (side: Map<string, Set<string>>) => new Map([...side].map(([id, others]) => [id, [...others]]));
  return { up: lists(up), down: lists(down) };
}

/** Everything on one side of a node, the node included. Cycles end where they began. */
function reach(adjacency: Adjacency, id: string, side: Side): Set<string> {
  const seen = new Set([id]);
  const queue = [id];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const other of adjacency[side].get(at) ?? [])
      if (!seen.has(other)) {
        seen.add(other);
        queue.push(other);
      }
  return seen;
}

export type TraceDirection = Side | "both";

/**
 * What flows into a node, out of it, or both, the node included. A sibling's other input is not part of it, and neither is what
 * only a `through` edge leads to: a service takes some features of a view, and the features' own edges say which.
 */
export function traceOf(
  edges: Iterable<{ from: string; to: string; role: LineageRole }>,
  id: string,
  direction: TraceDirection,
): Set<string> {
  const along = [...edges].filter(({ from, to, role }) => role !== "through" || from === id || to === id);
  const adjacency = adjacencyOf(along);
  if (direction !== "both") return reach(adjacency, id, direction);
  return new Set([...reach(adjacency, id, "up"), ...reach(adjacency, id, "down")]);
}
