import type { LineageOverview } from "@/lib/contracts/lineage-overview";
import { LINEAGE_KINDS, type LineageKind } from "@/lib/domain/lineage/graph";
import type { Graph, GraphNode } from "./graph";

const isKind = (word: string): word is LineageKind => (LINEAGE_KINDS as readonly string[]).includes(word);

/** A rolled-up workspace as a graph: groups with how many nodes they stand for, edges with how many flows. */
export function overviewGraph({ groups, edges }: LineageOverview): Graph {
  const nodes = new Map<string, GraphNode>();
  for (const group of groups) {
    const kind = group.id.slice(0, group.id.indexOf(":"));
    const isAlone = group.nodes === 1 && isKind(kind);
    nodes.set(group.id, {
      id: group.id,
      kind: isKind(kind) ? kind : "group",
      name: group.label || `no ${kind}`,
      entity: kind === "entity" ? group.label : null,
      detail: isAlone ? "" : contentsOf(group.kinds),
      owner: "",
      environments: [],
      drift: null,
      leak: null,
      retired: false,
      upstream: 0,
      downstream: 0,
      distance: 0,
      size: group.nodes,
      members: [],
    });
  }
  const drawn = edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  return {
    nodes,
    edges: drawn.map(({ from, to, roles, edges: count }) => ({ from, to, role: roles[0] ?? "reads", count })),
    hidden: new Map(),
  };
}

/** `12 features, 1 stage`, in the order in which data flow. */
export const contentsOf = (kinds: Record<string, number>): string =>
  LINEAGE_KINDS.flatMap((kind) => {
    const count = kinds[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? "" : "s"}`];
  }).join(", ");
