import { edgeKey, type Graph, type GraphEdge } from "./graph";

/** What is said about a node or an edge beyond what it is. Everything has a word or a shape beside its colour. */
export interface Mark {
  /** Lit: part of what is traced; dim: not part of it; plain: nothing is traced. */
  tone: "lit" | "dim" | "plain";
  /** On the way of a leak. */
  leaks: boolean;
  /** Between the two times that are compared. */
  change: "added" | "removed" | null;
  /** Numbers of the variants that it takes part in; null when all of them or none do, or none are coloured. */
  variants: readonly number[] | null;
  found: boolean;
}

export const PLAIN: Mark = { tone: "plain", leaks: false, change: null, variants: null, found: false };

export interface Marking {
  /** Traced nodes, and the edges between two of them; null: nothing is traced. */
  trace: ReadonlySet<string> | null;
  /** A path's edges as `from to`, when only these and not all edges between traced nodes are meant. */
  steps?: ReadonlySet<string> | null;
  leak: { nodes: ReadonlySet<string>; steps: ReadonlySet<string> } | null;
  change: { nodes: ReadonlyMap<string, "added" | "removed">; edges: ReadonlyMap<string, "added" | "removed"> } | null;
  variants: { of: ReadonlyMap<string, readonly number[]>; total: number } | null;
  found: ReadonlySet<string>;
}

export const stepKey = ({ from, to }: { from: string; to: string }) => `${from} ${to}`;

/** Marks of all nodes (by id) and edges (by `edgeKey`). */
export function markGraph(graph: Pick<Graph, "nodes" | "edges">, marking: Marking) {
  const nodes = new Map<string, Mark>();
  const edges = new Map<string, Mark>();
  const variantsOf = (id: string) => {
    const of = marking.variants?.of.get(id);
    return !of || of.length === 0 || of.length === marking.variants?.total ? null : of;
  };
  for (const id of graph.nodes.keys())
    nodes.set(id, {
      tone: marking.trace === null ? "plain" : marking.trace.has(id) ? "lit" : "dim",
      leaks: marking.leak?.nodes.has(id) ?? false,
      change: marking.change?.nodes.get(id) ?? null,
      variants: variantsOf(id),
      found: marking.found.has(id),
    });
  for (const edge of graph.edges) edges.set(edgeKey(edge), markEdge(edge, marking, variantsOf));
  return { nodes, edges };
}

function markEdge(edge: GraphEdge, marking: Marking, variantsOf: (id: string) => readonly number[] | null): Mark {
  const isTraced = marking.steps
    ? marking.steps.has(stepKey(edge))
    : (marking.trace?.has(edge.from) ?? false) && (marking.trace?.has(edge.to) ?? false);
  const [from, to] = [variantsOf(edge.from), variantsOf(edge.to)];
  return {
    tone: marking.trace === null ? "plain" : isTraced ? "lit" : "dim",
    leaks: marking.leak?.steps.has(stepKey(edge)) ?? false,
    change: marking.change?.edges.get(edgeKey(edge)) ?? null,
    variants: from && to ? from.filter((variant) => to.includes(variant)) : (from ?? to),
    found: false,
  };
}
