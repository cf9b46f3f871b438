"use client";

import { useEffect, useRef, useState } from "react";
import { anchorAt } from "./graph/anchor-at";
import { curvesOf, type Curve } from "./graph/edge-path";
import type { Graph, Positions } from "./graph/graph";
import { layOut } from "./lay-out";

export interface Layout<Drawn extends Graph = Graph> {
  /** The graph that the positions are of: what is drawn, until the next is ready. */
  graph: Drawn;
  positions: Positions;
  /** Lines of the edges, by `edgeKey`. */
  curves: ReadonlyMap<string, Curve>;
  /** Grows when the new layout shares no anchor with the one before: only then the view is opened anew. */
  epoch: number;
}

/** The graph laid out. `anchor` keeps its place from one layout to the next, so that nothing jumps under the reader's hand. */
export function useLayout<Drawn extends Graph>(
  graph: Drawn | null,
  anchor: string | null,
): { layout: Layout<Drawn> | null; error: Error | null } {
  const [layout, setLayout] = useState<Layout<Drawn> | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const latestAnchor = useRef(anchor);
  useEffect(() => {
    latestAnchor.current = anchor;
  });
  useEffect(() => {
    if (!graph) return;
    let isCurrent = true;
    layOut(graph).then(
      (laid) => {
        if (!isCurrent) return;
        setLayout((before) => {
          const at = [latestAnchor.current, ...graph.nodes.keys()].find(
            (id) => id !== null && before?.positions.has(id) && laid.positions.has(id),
          );
          const { positions, routes } = before && at ? anchorAt(laid, before.positions, at) : laid;
          const epoch = (before?.epoch ?? 0) + (before && at ? 0 : 1);
          return { graph, positions, curves: curvesOf(graph.edges, positions, routes), epoch };
        });
      },
      (reason: unknown) => isCurrent && setError(reason instanceof Error ? reason : new Error(String(reason))),
    );
    return () => {
      isCurrent = false;
    };
  }, [graph]);
  return { layout, error };
}
