"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { z } from "zod";
import { lineageQueries } from "@/lib/client/lineage";
import type { Lineage } from "@/lib/contracts/lineage";
import type { LineageDifference } from "@/lib/contracts/lineage-history";
import type { LineagePaths, listLineageLeaks } from "@/lib/contracts/lineage-paths";
import { collapse, type Collapsed } from "./graph/collapse";
import { bareName, type Graph } from "./graph/graph";
import { grouperOf } from "./graph/group-of";
import { mergeLineages } from "./graph/merge-lineages";
import { overviewGraph } from "./graph/overview-graph";
import { againstOf, aroundQuery, asOfOf, overviewQuery } from "./lineage-state";
import type { Explorer } from "./use-lineage-state";

/** A neighbourhood of one added node is read up to here; more of its neighbours are behind its +N. */
const MOST_OF_ADDED = 200;

export type Leaks = z.output<typeof listLineageLeaks.response>;

export interface LineageGraph {
  /** Null while the first answer is awaited. */
  graph: Collapsed | null;
  /** What the answers hold before anything was collapsed. */
  whole: Graph | null;
  path: LineagePaths | undefined;
  leaks: Leaks | undefined;
  difference: LineageDifference | undefined;
  /** What exists within the depth and was kept back by filters or limit. */
  kept: { nodes: number; edges: number; atLeast: boolean } | null;
  truncated: boolean;
  error: Error | null;
  isFetching: boolean;
}

/** Everything that the address asks for, put together into the graph that is drawn. */
export function useLineageGraph(workspace: string, { state, focus, rollUp }: Explorer): LineageGraph {
  const [asOf, against] = [asOfOf(state), againstOf(state)];
  const isOverview = rollUp !== "column" || focus === null;
  const around = useQuery({
    ...lineageQueries.around(aroundQuery(workspace, focus ?? "", state)),
    enabled: !isOverview,
  });
  const overview = useQuery({ ...lineageQueries.overview(overviewQuery(workspace, state)), enabled: isOverview });
  const more = useQueries({
    queries: isOverview
      ? []
      : [
          ...state.more.map((entry) => {
            const isUp = entry.startsWith("up:");
            return lineageQueries.around({
              workspace,
              focus: bareName(entry),
              up: isUp ? 1 : 0,
              down: isUp ? 0 : 1,
              limit: 2000,
              asOf,
            });
          }),
          ...state.add.map((id) =>
            lineageQueries.around({ workspace, focus: id, up: 1, down: 1, limit: MOST_OF_ADDED, asOf }),
          ),
        ],
    combine: (results) => results.map(({ data }) => data),
  });
  const path = useQuery({
    ...lineageQueries.path({ workspace, from: state.from ?? "", to: state.to ?? "", asOf }),
    enabled: !isOverview && state.from !== null && state.to !== null,
  });
  const leaks = useQuery({ ...lineageQueries.leaks(workspace), enabled: state.leaks });
  const difference = useQuery({
    ...lineageQueries.difference({
      workspace,
      against: against ?? "",
      asOf,
      ...(!isOverview && { focus: focus ?? undefined, up: state.up, down: state.down }),
    }),
    enabled: against !== undefined,
  });
  const { more: expanded, collapse: by, open } = state;
  const whole = useMemo(() => {
    if (isOverview) return overview.data ? overviewGraph(overview.data) : null;
    if (!around.data) return null;
    return mergeLineages([
      around.data,
      ...more.flatMap((lineage, at) => (lineage ? [at < expanded.length ? lineage : onlyFocus(lineage)] : [])),
      ...(path.data ? [{ nodes: path.data.nodes, edges: path.data.paths.flat() }] : []),
      ...(difference.data ? [{ nodes: difference.data.nodes, edges: difference.data.removed }] : []),
    ]);
  }, [isOverview, overview.data, around.data, more, expanded.length, path.data, difference.data]);
  const graph = useMemo(() => {
    if (!whole) return null;
    if (isOverview || by === null) return collapse(whole, () => null, new Set());
    return collapse(whole, grouperOf(whole, by, focus), new Set(open));
  }, [whole, isOverview, by, focus, open]);
  const main = isOverview ? overview : around;
  return {
    graph,
    whole,
    path: path.data,
    leaks: state.leaks ? leaks.data : undefined,
    difference: against === undefined ? undefined : difference.data,
    kept: isOverview
      ? overview.data
        ? { ...overview.data.hidden, atLeast: false }
        : null
      : (around.data?.hidden ?? null),
    truncated: !isOverview && (around.data?.truncated ?? false),
    error: main.error ?? path.error ?? leaks.error ?? difference.error,
    isFetching: main.isFetching || path.isFetching || difference.isFetching,
  };
}

/** Of an added node's neighbourhood only the node itself is wanted; its edges find their ends among what is shown. */
const onlyFocus = ({ focus, nodes, edges }: Lineage) => ({
  nodes: nodes.filter(({ id }) => id === focus),
  edges: edges.filter(({ from, to }) => from === focus || to === focus),
});
