"use client";

import { useEffect, useMemo, useState } from "react";
import { layOutPlan, type PlanLayout } from "./lay-out-plan";
import { heightsOf, type NodeLook } from "./node-look";
import type { PlanGraph } from "./plan-graph";

/** A graph with its layout: both change together, so that a drawing never mixes two plans. */
export interface LaidGraph {
  graph: PlanGraph;
  looks: ReadonlyMap<string, NodeLook>;
  layout: PlanLayout;
}

/** Lays a graph out in the worker; the last drawing stays until the next is ready. */
export function useLayout(
  graph: PlanGraph | null,
  looks: ReadonlyMap<string, NodeLook>,
): { laid: LaidGraph | null; error: Error | null } {
  const [laid, setLaid] = useState<LaidGraph | null>(null);
  const [error, setError] = useState<Error | null>(null);
  // Only what changes sizes asks for a new layout: choosing another variant does not.
  const sizes = useMemo(() => JSON.stringify([...heightsOf(looks)]), [looks]);
  useEffect(() => {
    if (!graph) return;
    let isCurrent = true;
    const heights = new Map(JSON.parse(sizes) as [string, number][]);
    layOutPlan(graph, heights).then(
      (layout) => isCurrent && setLaid((before) => ({ graph, layout, looks: before?.looks ?? new Map() })),
      (reason: unknown) => isCurrent && setError(reason instanceof Error ? reason : new Error(String(reason))),
    );
    return () => {
      isCurrent = false;
    };
  }, [graph, sizes]);
  if (!laid) return { laid: null, error };
  return { laid: { ...laid, looks: laid.graph === graph ? looks : laid.looks }, error };
}
