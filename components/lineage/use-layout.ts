"use client";

import { useEffect, useRef, useState } from "react";
import { anchorAt } from "./graph/anchor-at";
import type { Graph, Positions } from "./graph/graph";
import { layOut } from "./lay-out";

export interface Layout {
  /** The graph that the positions are of: what is drawn, until the next is ready. */
  graph: Graph;
  positions: Positions;
  /** Grows when the new layout shares no anchor with the one before: only then the view is opened anew. */
  epoch: number;
}

/** The graph laid out. `anchor` keeps its place from one layout to the next, so that nothing jumps under the reader's hand. */
export function useLayout(graph: Graph | null, anchor: string | null): { layout: Layout | null; error: Error | null } {
  const [layout, setLayout] = useState<Layout | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const latestAnchor = useRef(anchor);
  useEffect(() => {
    latestAnchor.current = anchor;
  });
  useEffect(() => {
    if (!graph) return;
    let isCurrent = true;
    layOut(graph).then(
      (positions) => {
        if (!isCurrent) return;
        setLayout((before) => {
          const at = [latestAnchor.current, ...graph.nodes.keys()].find(
            (id) => id !== null && before?.positions.has(id) && positions.has(id),
          );
          return before && at
            ? { graph, positions: anchorAt(positions, before.positions, at), epoch: before.epoch }
            : { graph, positions, epoch: (before?.epoch ?? 0) + 1 };
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
