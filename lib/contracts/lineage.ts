import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { VERDICTS } from "@/lib/domain/leakage/codes";
import { LINEAGE_KINDS, LINEAGE_ROLES } from "@/lib/domain/lineage/graph";
import { Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";

export { LINEAGE_KINDS, type LineageKind } from "@/lib/domain/lineage/graph";

/** `airport.segment` for a feature, else `kind:name`. */
export const LineageFocus = z
  .string()
  .regex(/^((feature:)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*|(source|stage|view|service|model):[a-z][a-z0-9_]*)$/, {
    error: "expected entity.column, or kind:name such as stage:airport_segments",
  })
  .describe("A feature as `entity.column`, or a source, stage, view, service or model as `kind:name`.");

export const LineageInstant = Instant.optional().describe(
  "Lineage as it was at this moment. Without it, as it is now. What nodes show of themselves is always of now.",
);

const many = <Item extends z.ZodType<string, string>>(item: Item) =>
  z.union([item.transform((one) => [one]), z.array(item)]).optional();

/** Repeated parameters are alternatives; different parameters all have to hold. */
export const LineageFilter = z.object({
  kind: many(z.enum(LINEAGE_KINDS)).describe("Only nodes of these kinds."),
  owner: many(z.string()).describe("Only what these own."),
  entity: many(z.string()).describe("Only what has rows of these entities."),
  environment: many(z.enum([...ENVIRONMENTS, "none"])).describe(
    "Only features that these environments serve; `none` for those that none serves.",
  ),
  drift: many(z.string()).describe("Only features whose newest window is so: fine, warn, critical, insufficient_data."),
  leak: many(z.enum(VERDICTS)).describe("Only features and models with this worst verdict."),
});
export type LineageFilter = z.output<typeof LineageFilter>;

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
    retired: z.boolean().describe("Whether it was in use once and is no more."),
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
    role: z
      .enum(LINEAGE_ROLES)
      .describe(
        "How the data flow. `through` leads from a view to a service that takes some of its features: which ones, their own `serves` edges say.",
      ),
  })
  .meta({ id: "LineageEdge", description: "Data flow between two nodes." });
export type LineageEdge = z.infer<typeof LineageEdge>;

export const Lineage = z
  .object({
    focus: z.string().describe("Id of the node that was asked for."),
    asOf: Instant.nullable().describe("The moment that the edges are of; null is now."),
    nodes: z.array(LineageNode).describe("The focus and everything within the depth, nearest first."),
    edges: z.array(LineageEdge).describe("Every flow between two nodes of the answer."),
    truncated: z
      .boolean()
      .describe("Whether the limit cut the neighbourhood; what is missing is in the nodes' counts."),
    hidden: z
      .object({
        nodes: z.number().int().describe("Nodes within the depth that the filters or the limit keep back."),
        edges: z.number().int().describe("Flows between a node of the answer and one that is not in it."),
        atLeast: z.boolean().describe("Whether there are more nodes than that: the walk ended at its bound."),
      })
      .describe("What exists and is not in the answer."),
  })
  .meta({ id: "Lineage", description: "The neighbourhood of a node." });
export type Lineage = z.infer<typeof Lineage>;

const Depth = z.coerce.number().int().min(0).max(6);

export const LineageQuery = WorkspaceQuery.extend({
  focus: LineageFocus,
  up: Depth.default(1).describe("Steps upstream."),
  down: Depth.default(1).describe("Steps downstream."),
  limit: z.coerce.number().int().min(1).max(5000).default(500).describe("At most so many nodes."),
  asOf: LineageInstant,
  ...LineageFilter.shape,
});
export type LineageQuery = z.output<typeof LineageQuery>;

export const getLineage = operation({
  id: "getLineage",
  method: "GET",
  path: "/api/v1/lineage",
  summary: "What flows into and out of a feature, stage, source, view, service or model.",
  tag: "lineage",
  query: LineageQuery,
  response: Lineage,
});

export const LineageSide = z.enum(["up", "down"]).describe("`up`: what it depends on. `down`: what depends on it.");

const LineageNeighbour = LineageNode.extend({
  roles: z.array(z.enum(LINEAGE_ROLES)).describe("How the data flow between the two."),
}).meta({ id: "LineageNeighbour", description: "A node one step away." });
export type LineageNeighbour = z.infer<typeof LineageNeighbour>;

export const listLineageNeighbours = operation({
  id: "listLineageNeighbours",
  method: "GET",
  path: "/api/v1/lineage/neighbours",
  summary: "The neighbours of one node on one side, by kind and name, page by page.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    node: LineageFocus,
    side: LineageSide,
    q: z.string().max(200).default("").describe("Words of the name; the best come first."),
    kind: LineageFilter.shape.kind,
    asOf: LineageInstant,
    ...Page.shape,
  }),
  response: listOf(LineageNeighbour, "neighbours").meta({
    id: "LineageNeighbourList",
    description: "Neighbours of a node on one side.",
  }),
});

const LineageHit = LineageNode.pick({ id: true, kind: true, name: true, entity: true, detail: true, owner: true, retired: true }).meta({ id: "LineageHit", description: "A node found by its name." }); // prettier-ignore
export type LineageHit = z.infer<typeof LineageHit>;

export const searchLineage = operation({
  id: "searchLineage",
  method: "GET",
  path: "/api/v1/lineage/search",
  summary: "Nodes of a workspace that have the words, of any kind, the best first.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    q: z
      .string()
      .max(200)
      .default("")
      .describe("Words of name, description, owner, tags or metadata, in any order; the best come first."),
    kind: LineageFilter.shape.kind,
    ...Page.shape,
  }),
  response: listOf(LineageHit, "nodes").meta({ id: "LineageHitList", description: "Nodes found by name." }),
});
