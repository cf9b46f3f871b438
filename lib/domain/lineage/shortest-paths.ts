import type { FlowEdge } from "./graph";

export interface ShortestPaths {
  /** Edges of each; null without a path. */
  steps: number | null;
  /** How many there are. Beyond 2^53 it is not exact. */
  total: number;
  /** The first `limit` of them by the ids of their nodes. */
  paths: FlowEdge[][];
  /** False when the search ended at its bound without an answer. */
  exhausted: boolean;
  visited: number;
}

/** The edges that leave (`down`) or enter (`up`) the nodes, one per pair of nodes. */
export type Expand = (side: "up" | "down", frontier: string[]) => Promise<FlowEdge[]>;

/**
 * Every shortest path along the data from one node to another, by search from both ends in whole steps, the smaller frontier
 * first: between two nodes n steps apart, each side only goes n ÷ 2.
 * @param most nodes to look at before giving up
 */
export async function shortestPaths(
  from: string,
  to: string,
  expand: Expand,
  { limit, most }: { limit: number; most: number },
): Promise<ShortestPaths> {
  if (from === to) return { steps: 0, total: 1, paths: [[]], exhausted: true, visited: 1 };
  const ends = { down: new Search(from), up: new Search(to) };
  const visited = () => ends.down.distances.size + ends.up.distances.size;
  for (;;) {
    const side = ends.down.frontier.length <= ends.up.frontier.length ? "down" : "up";
    const [mine, other] = side === "down" ? [ends.down, ends.up] : [ends.up, ends.down];
    if (mine.frontier.length === 0) return { steps: null, total: 0, paths: [], exhausted: true, visited: visited() };
    if (visited() > most) return { steps: null, total: 0, paths: [], exhausted: false, visited: visited() };
    // What a service takes of a view, its own edges say: the view leads to it only for who asks about the view.
    const edges = (await expand(side, mine.frontier)).filter((edge) => edge.role !== "through" || edge.from === from);
    mine.advance(edges, side);
    const met = mine.frontier.filter((id) => other.distances.has(id));
    if (met.length === 0) continue;
    const steps = mine.depth + other.depth;
    return { steps, ...collect(ends, met, from, to, limit), exhausted: true, visited: visited() };
  }
}

class Search {
  readonly distances: Map<string, number>;
  /** Node → the edges on shortest ways by which it was reached. */
  readonly reachedBy = new Map<string, FlowEdge[]>();
  frontier: string[];
  depth = 0;

  constructor(start: string) {
    this.distances = new Map([[start, 0]]);
    this.frontier = [start];
  }

  advance(edges: FlowEdge[], side: "up" | "down"): void {
    this.depth += 1;
    const reached: string[] = [];
    for (const edge of edges) {
      const id = side === "down" ? edge.to : edge.from;
      const distance = this.distances.get(id);
      if (distance === undefined) {
        this.distances.set(id, this.depth);
        this.reachedBy.set(id, [edge]);
        reached.push(id);
      } else if (distance === this.depth) this.reachedBy.get(id)?.push(edge);
    }
    this.frontier = reached;
  }
}

/** From the nodes where the two searches met back to both ends: only edges of shortest paths, so that no way is a dead end. */
function collect(
  ends: { down: Search; up: Search },
  met: string[],
  from: string,
  to: string,
  limit: number,
): { total: number; paths: FlowEdge[][] } {
  const next = new Map<string, FlowEdge[]>();
  const seen = { down: new Set(met), up: new Set(met) };
  const follow = (side: "down" | "up") => {
    const open = [...met];
    for (let id = open.pop(); id !== undefined; id = open.pop())
      for (const edge of ends[side].reachedBy.get(id) ?? []) {
        const leaving = next.get(edge.from);
        if (leaving) leaving.push(edge);
        else next.set(edge.from, [edge]);
        const further = side === "down" ? edge.from : edge.to;
        if (!seen[side].has(further)) {
          seen[side].add(further);
          open.push(further);
        }
      }
  };
  follow("down");
  follow("up");
  for (const edges of next.values()) edges.sort((one, other) => (one.to < other.to ? -1 : 1));
  const counts = new Map([[to, 1]]);
  const count = (id: string): number => {
    const known = counts.get(id);
    if (known !== undefined) return known;
    const sum = (next.get(id) ?? []).reduce((total, edge) => total + count(edge.to), 0);
    counts.set(id, sum);
    return sum;
  };
  const paths: FlowEdge[][] = [];
  const walk = (id: string, path: FlowEdge[]) => {
    if (paths.length >= limit) return;
    if (id === to) return void paths.push(path);
    for (const edge of next.get(id) ?? []) walk(edge.to, [...path, edge]);
  };
  walk(from, []);
  return { total: count(from), paths };
}
