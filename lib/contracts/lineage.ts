import { z } from "zod";
import { operation, WorkspaceQuery } from "./operation";

export const LINEAGE_KINDS = ["source", "stage", "feature", "view", "service", "model"] as const;
export type LineageKind = (typeof LINEAGE_KINDS)[number];

/** `airport.segment` for a feature, else `kind:name`. */
export const LineageFocus = z
  .string()
  .regex(/^((feature:)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*|(source|stage|view|service|model):[a-z][a-z0-9_]*)$/, {
    error: "expected entity.column, or kind:name such as stage:airport_segments",
  })
  .describe("A feature as `entity.column`, or a source, stage, view, service or model as `kind:name`.");

const Depth = z.coerce.number().int().min(0).max(6);

export const LineageNode = z
  .object({
    id: z.string().describe("`kind:name`."),
    kind: z.enum(LINEAGE_KINDS).describe("What it is."),
    name: z.string().describe("Its name."),
    entity: z.string().nullable().describe("Entity of its rows; null for services and models."),
    detail: z.string().describe("Type of a feature, operator of a stage, format of a source."),
    owner: z.string().describe("Who owns it."),
    environments: z.array(z.string()).describe("Environments that serve it, for features."),
    drift: z.string().nullable().describe("Drift state of a feature's newest window."),
    leak: z.string().nullable().describe("Worst leakage verdict of a feature or model."),
    upstream: z.number().int().describe("Neighbours that it depends on, shown or not."),
    downstream: z.number().int().describe("Neighbours that depend on it, shown or not."),
    distance: z.number().int().describe("Steps from the focus; negative upstream."),
  })
  .meta({ id: "LineageNode", description: "Something that data flows through." });
export type LineageNode = z.infer<typeof LineageNode>;

export const LineageEdge = z
  .object({
    from: z.string().describe("Node that is read."),
    to: z.string().describe("Node that reads it."),
    role: z.enum(["reads", "fits", "writes", "contains", "serves"]).describe("How the data flow."),
  })
  .meta({ id: "LineageEdge", description: "Data flow between two nodes." });
export type LineageEdge = z.infer<typeof LineageEdge>;

export const Lineage = z
  .object({
    focus: z.string().describe("Id of the node that was asked for."),
    nodes: z.array(LineageNode).describe("The focus and everything within the depth."),
    edges: z.array(LineageEdge).describe("Every flow between two nodes of the answer."),
    truncated: z
      .boolean()
      .describe("Whether the limit cut the neighbourhood; what is missing is in the nodes' counts."),
  })
  .meta({ id: "Lineage", description: "The neighbourhood of a node." });
export type Lineage = z.infer<typeof Lineage>;

export const getLineage = operation({
  id: "getLineage",
  method: "GET",
  path: "/api/v1/lineage",
  summary: "What flows into and out of a feature, stage, source, view, service or model.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    focus: LineageFocus,
    up: Depth.default(1).describe("Steps upstream."),
    down: Depth.default(1).describe("Steps downstream."),
    limit: z.coerce.number().int().min(1).max(2000).default(500).describe("At most so many nodes."),
  }),
  response: Lineage,
});
