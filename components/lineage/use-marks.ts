"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { lineageQueries } from "@/lib/client/lineage";
import type { ColumnLineage } from "@/lib/contracts/lineage-columns";
import { parseWords } from "@/lib/domain/search/query";
import { searchList } from "@/lib/domain/search/search-list";
import { traceOf } from "./graph/adjacency";
import type { Collapsed } from "./graph/collapse";
import { edgeKey, type Graph } from "./graph/graph";
import { markGraph, stepKey, type Mark, type Marking } from "./graph/marks";
import { asOfOf } from "./lineage-state";
import type { LineageGraph } from "./use-lineage-graph";
import type { Explorer } from "./use-lineage-state";

export interface Marks {
  nodes: ReadonlyMap<string, Mark>;
  edges: ReadonlyMap<string, Mark>;
  /** Nodes that have the words that are searched for, the best first. */
  found: string[];
  /** Traced nodes; null while nothing is traced. */
  traced: number | null;
  columns: ColumnLineage | undefined;
}

/** What is lit, coloured and flagged. A path is lit before a trace, a trace before the leaks. */
export function useMarks(
  workspace: string,
  { state, rollUp }: Explorer,
  { path, leaks, difference, whole }: LineageGraph,
  drawn: Collapsed | null,
): Marks {
  const selected = state.node;
  const isExact = state.exact && selected?.startsWith("feature:") === true && rollUp === "column";
  const columns = useQuery({
    ...lineageQueries.columns({
      workspace,
      focus: selected ?? "",
      asOf: asOfOf(state),
      ...(state.trace === "up" && { down: 0 }),
      ...(state.trace === "down" && { up: 0 }),
    }),
    enabled: isExact,
  });
  const variants = useQuery({
    ...lineageQueries.variants(workspace, state.pipeline ?? ""),
    enabled: state.pipeline !== null,
  });
  const found = useMemo(() => (drawn ? findNodes(drawn, state.find) : []), [drawn, state.find]);
  const exact = isExact ? columns.data : undefined;
  const { trace: direction } = state;
  const ofPipeline = state.pipeline === null ? undefined : variants.data;
  return useMemo(() => {
    if (!drawn || !whole) return { nodes: new Map(), edges: new Map(), found, traced: null, columns: exact };
    const home = (id: string) => drawn.homes.get(id) ?? id;
    const homes = (ids: Iterable<string>) => new Set([...ids].map(home));
    const steps = (edges: Iterable<{ from: string; to: string }>) =>
      new Set([...edges].map(({ from, to }) => stepKey({ from: home(from), to: home(to) })));
    const marking: Marking = { trace: null, steps: null, leak: null, change: null, variants: null, found: new Set(found) }; // prettier-ignore
    if (path && path.paths.length > 0) {
      marking.trace = homes(path.nodes.map(({ id }) => id));
      marking.steps = steps(path.paths.flat());
    } else if (selected && exact) {
      const flows = stepsOf(exact);
      marking.trace = homes([selected, ...flows.flatMap(({ from, to }) => [from, to])]);
      marking.steps = steps(flows);
    } else if (selected && drawn.nodes.has(selected)) {
      const members = drawn.nodes.get(selected)?.members ?? [];
      const from = members.length > 0 ? members : [selected];
      marking.trace = homes(from.flatMap((id) => [...traceOf(whole.edges, id, direction)]));
    } else if (leaks) marking.trace = homes(leaks.nodes);
    if (leaks) marking.leak = { nodes: homes(leaks.nodes), steps: steps(leaks.edges) };
    if (difference) marking.change = changesOf(difference, home);
    if (ofPipeline)
      marking.variants = { of: new Map(Object.entries(ofPipeline.nodes)), total: ofPipeline.variants.length };
    return { ...markGraph(drawn, marking), found, traced: marking.trace?.size ?? null, columns: exact };
  }, [drawn, whole, found, path, selected, exact, direction, leaks, difference, ofPipeline]);
}

/** Nodes that have every word, the best first, of equals the nearest to the focus. */
function findNodes({ nodes }: Pick<Graph, "nodes">, text: string): string[] {
  if (parseWords(text).length === 0) return [];
  const nearest = [...nodes.values()].sort(
    (one, other) => Math.abs(one.distance) - Math.abs(other.distance) || (one.name < other.name ? -1 : 1),
  );
  return searchList(nearest, text, ({ name, kind }) => ({ name, texts: [kind] })).map(({ id }) => id);
}

/** A column's flow goes into the stage and out of it. */
const stepsOf = ({ flows }: ColumnLineage) =>
  flows.flatMap(({ from, to, stage }) => [
    { from: `feature:${from}`, to: `stage:${stage}` },
    { from: `stage:${stage}`, to: `feature:${to}` },
  ]);

function changesOf(
  difference: NonNullable<LineageGraph["difference"]>,
  home: (id: string) => string,
): NonNullable<Marking["change"]> {
  const nodes = new Map<string, "added" | "removed">();
  const edges = new Map<string, "added" | "removed">();
  // A group is not new because one of its members is.
  for (const id of difference.addedNodes) if (home(id) === id) nodes.set(id, "added");
  for (const id of difference.removedNodes) if (home(id) === id) nodes.set(id, "removed");
  for (const edge of difference.removed) edges.set(edgeKey({ ...edge, from: home(edge.from), to: home(edge.to) }), "removed"); // prettier-ignore
  for (const edge of difference.added) edges.set(edgeKey({ ...edge, from: home(edge.from), to: home(edge.to) }), "added"); // prettier-ignore
  return { nodes, edges };
}
