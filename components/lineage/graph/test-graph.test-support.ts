import type { LineageEdge, LineageNode } from "@/lib/contracts/lineage";
import { mergeLineages } from "./merge-lineages";

/** A feature with so many neighbours on each side. */
export const feature = (name: string, upstream = 0, downstream = 0, more: Partial<LineageNode> = {}): LineageNode => ({
  id: `feature:${name}`,
  kind: "feature",
  name,
  entity: null,
  detail: "",
  owner: "",
  environments: [],
  drift: null,
  leak: null,
  retired: false,
  upstream,
  downstream,
  distance: 0,
  ...more,
});

export const flow = (from: string, to: string, role: LineageEdge["role"] = "reads"): LineageEdge => ({
  from: `feature:${from}`,
  to: `feature:${to}`,
  role,
});

/** Features of these names with these flows. */
export const graphOf = (names: string[], flows: [string, string][]) =>
  mergeLineages([{ nodes: names.map((name) => feature(name)), edges: flows.map(([from, to]) => flow(from, to)) }]);
