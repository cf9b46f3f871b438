"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { lineageQueries } from "@/lib/client/lineage";
import type { Lineage } from "@/lib/contracts/lineage";
import { mergeLineages, type Graph, type Position } from "./graph";
import { anchorAt, layOut } from "./lay-out";

export interface GraphState {
  graph: Graph | null;
  positions: Map<string, Position>;
  truncated: boolean;
  error: Error | null;
  isLoading: boolean;
}

/**
 * The neighbourhood of the focus with whatever was expanded (`up:ID`, `down:ID`), laid out. Positions of the last layout stay
 * until the next is ready, and `anchor` keeps its place through it.
 */
export function useGraph(
  workspace: string,
  focus: string,
  depth: { up: number; down: number },
  expanded: readonly string[],
  anchor: string,
): GraphState {
  const main = useQuery(lineageQueries.around(workspace, focus, depth.up, depth.down));
  const more = useQueries({
    queries: expanded.map((entry) => {
      const side = entry.slice(0, entry.indexOf(":"));
      const id = entry.slice(entry.indexOf(":") + 1);
      return lineageQueries.around(workspace, id, side === "up" ? 1 : 0, side === "down" ? 1 : 0);
    }),
    combine: (results) => results.flatMap((result): Lineage[] => (result.data ? [result.data] : [])),
  });
  const graph = useMemo(() => (main.data ? mergeLineages([main.data, ...more]) : null), [main.data, more]);
  const [positions, setPositions] = useState<Map<string, Position>>(new Map());
  const [error, setError] = useState<Error | null>(null);
  const latestAnchor = useRef(anchor);
  useEffect(() => {
    latestAnchor.current = anchor;
  });
  useEffect(() => {
    if (!graph) return;
    let isCurrent = true;
    layOut(graph).then(
      (laid) => isCurrent && setPositions((before) => anchorAt(laid, before, latestAnchor.current)),
      (reason: unknown) => isCurrent && setError(reason instanceof Error ? reason : new Error(String(reason))),
    );
    return () => {
      isCurrent = false;
    };
  }, [graph]);
  return {
    graph,
    positions,
    truncated: main.data?.truncated ?? false,
    error: main.error ?? error,
    isLoading: main.isPending,
  };
}
