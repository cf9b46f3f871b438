"use client";

import { useQuery } from "@tanstack/react-query";
import { featureQueries } from "@/lib/client/features";
import { modelQueries } from "@/lib/client/models";
import { sourceQueries } from "@/lib/client/sources";
import { stageQueries } from "@/lib/client/stages";
import type { GraphNode } from "./graph/graph";

/** What the drawer says of a node, whatever kind it is. */
export interface NodeFacts {
  description: string;
  yaml: string | null;
  /** Columns that are its own: what a source has, what a stage reads and writes, what a feature is. */
  columns: { title: string; names: string[] }[];
  /** What ran, newest first. */
  runs: { key: string; href: string; title: string; at: string | null; note: string }[];
}

const MOST_RUNS = 5;

/** Null: this kind has no record of its own beyond what the graph says. Undefined: not here yet. */
export function useNodeFacts(workspace: string, { kind, name, retired }: GraphNode): NodeFacts | null | undefined {
  const asks = (wanted: GraphNode["kind"]) => kind === wanted && !retired;
  const feature = useQuery({ ...featureQueries.detail(workspace, name), enabled: asks("feature") });
  const stage = useQuery({ ...stageQueries.detail(workspace, name), enabled: asks("stage") });
  const source = useQuery({ ...sourceQueries.detail(workspace, name), enabled: asks("source") });
  const model = useQuery({ ...modelQueries.detail(workspace, name), enabled: asks("model") });
  const current = { feature, stage, source, model }[kind as string];
  if (!current || retired || current.error) return null;
  if (asks("feature") && feature.data)
    return {
      description: feature.data.description,
      yaml: null,
      columns: [{ title: "Column", names: [feature.data.name] }],
      runs: feature.data.strategies.flatMap(({ run, version, stage }) =>
        run
          ? [{ key: `${run.id} ${version}`, href: `/runs/${run.id}`, title: `#${run.number} ${run.title}`, at: run.finishedAt, note: `v${version}${stage ? ` by ${stage}` : ""}` }] // prettier-ignore
          : [],
      ),
    };
  if (asks("stage") && stage.data)
    return {
      description: stage.data.description,
      yaml: stage.data.yaml,
      columns: [
        { title: "Reads", names: stage.data.inputs },
        { title: "Reads to fit", names: stage.data.fitInputs },
        { title: "Writes", names: stage.data.outputs.map(({ column }) => column) },
      ].filter(({ names }) => names.length > 0),
      runs: stage.data.recentFits.slice(0, MOST_RUNS).map(({ id, run, at, rows }) => ({
        key: id,
        href: `/runs/${run.id}`,
        title: `fit in run #${run.number}`,
        at,
        note: `${rows.toLocaleString("en")} rows`,
      })),
    };
  if (asks("source") && source.data)
    return {
      description: source.data.description,
      yaml: source.data.yaml,
      columns: [{ title: "Columns", names: source.data.schema.map(({ column }) => column) }],
      runs: [],
    };
  if (asks("model") && model.data)
    return {
      description: model.data.description,
      yaml: null,
      columns: [{ title: "Reads", names: model.data.versions[0]?.features.map(({ feature }) => feature) ?? [] }].filter(
        ({ names }) => names.length > 0,
      ),
      runs: model.data.versions.slice(0, MOST_RUNS).map(({ version, runId, runNumber, createdAt }) => ({
        key: `${version}`,
        href: `/runs/${runId}`,
        title: `run #${runNumber}`,
        at: createdAt,
        note: `made v${version}`,
      })),
    };
  return undefined;
}
