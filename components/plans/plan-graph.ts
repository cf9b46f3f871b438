/** An instance of the merged plan, as far as its drawing is concerned. */
export interface GraphInstance {
  key: string;
  stage: string;
  /** What it reads: the instance that writes the column, or the source that has it. */
  reads: { column: string; from: { instance: string } | { source: string }; fitOnly: boolean }[];
  /** Indices of the variants that contain it, ascending. */
  variants: readonly number[];
}

/** A source or an instance. `id` is `source:NAME` or the instance's key. */
interface GraphNode {
  id: string;
  kind: "source" | "stage";
  /** Name of the source, or key of the instance. */
  name: string;
  variants: number[];
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  columns: string[];
  /** Whether all of it is read only to fit. */
  fitOnly: boolean;
  variants: number[];
}

/** Nodes drawn below each other as one block: a chain in which each reads nothing but the one above and is its only reader. */
interface GraphStack {
  id: string;
  nodes: string[];
}

export interface PlanGraph {
  nodes: Map<string, GraphNode>;
  edges: GraphEdge[];
  stacks: GraphStack[];
}

/** A longer chain would be taller than the page. */
const MOST_STACKED = 5;

/**
 * The graph of the instances that some of the variants contain, sources included.
 * @param instances in an executable order
 * @param shown indices of the variants to draw
 */
export function buildPlanGraph(instances: readonly GraphInstance[], shown: ReadonlySet<number>): PlanGraph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const { key, reads, variants: all } of instances) {
    const variants = all.filter((variant) => shown.has(variant));
    if (variants.length === 0) continue;
    for (const { column, from, fitOnly } of reads) {
      const id = "source" in from ? `source:${from.source}` : from.instance;
      if ("source" in from) {
        const source = nodes.get(id);
        if (source) source.variants = union(source.variants, variants);
        else nodes.set(id, { id, kind: "source", name: from.source, variants });
      }
      const edge = edges.get(`${id} ${key}`);
      if (edge) {
        edge.columns.push(column);
        edge.fitOnly &&= fitOnly;
      } else edges.set(`${id} ${key}`, { id: `${id} ${key}`, from: id, to: key, columns: [column], fitOnly, variants });
    }
    nodes.set(key, { id: key, kind: "stage", name: key, variants });
  }
  const list = [...edges.values()];
  return { nodes, edges: list, stacks: stackChains(nodes, list) };
}

function union(one: readonly number[], other: readonly number[]): number[] {
  return [...new Set([...one, ...other])].sort((a, b) => a - b);
}

function stackChains(nodes: ReadonlyMap<string, GraphNode>, edges: readonly GraphEdge[]): GraphStack[] {
  const [into, out] = [new Map<string, GraphEdge[]>(), new Map<string, GraphEdge[]>()];
  for (const edge of edges) {
    into.set(edge.to, [...(into.get(edge.to) ?? []), edge]);
    out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  }
  const stackOf = new Map<string, GraphStack>();
  const stacks: GraphStack[] = [];
  for (const node of nodes.values()) {
    const [edge, ...others] = into.get(node.id) ?? [];
    const above = edge && others.length === 0 ? nodes.get(edge.from) : undefined;
    const stack = above && stackOf.get(above.id);
    if (
      above?.kind === "stage" &&
      stack &&
      out.get(above.id)?.length === 1 &&
      above.variants.length === node.variants.length &&
      stack.nodes.length < MOST_STACKED
    ) {
      stack.nodes.push(node.id);
      stackOf.set(node.id, stack);
    } else {
      const own = { id: node.id, nodes: [node.id] };
      stacks.push(own);
      stackOf.set(node.id, own);
    }
  }
  return stacks;
}

/** More nodes than these cannot be told apart in one picture. */
export const MOST_DRAWN = 140;

/**
 * Variants that a picture can hold: as many of the first as have at most `most` instances together, and always those that
 * the reader looks at.
 */
export function variantsToDraw(
  instances: readonly Pick<GraphInstance, "variants">[],
  count: number,
  looked: readonly number[],
  most: number,
): Set<number> {
  const shown = new Set(looked);
  const drawn = (variants: ReadonlySet<number>) =>
    instances.reduce((sum, instance) => sum + Number(instance.variants.some((variant) => variants.has(variant))), 0);
  for (let variant = 0; variant < count; variant++) {
    if (shown.has(variant)) continue;
    shown.add(variant);
    if (drawn(shown) > most) {
      shown.delete(variant);
      break;
    }
  }
  return shown;
}

/** Everything that flows into a node and out of it, the node included. */
export function flowOf(edges: readonly GraphEdge[], id: string): Set<string> {
  const flow = new Set([id]);
  const follow = (near: "from" | "to", far: "from" | "to") => {
    const seen = new Set([id]);
    for (const at of seen)
      for (const edge of edges)
        if (edge[near] === at) {
          seen.add(edge[far]);
          flow.add(edge[far]);
        }
  };
  follow("from", "to");
  follow("to", "from");
  return flow;
}
