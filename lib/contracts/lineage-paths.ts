import { z } from "zod";
import { SEVERITIES, VERDICTS } from "@/lib/domain/leakage/codes";
import { LineageEdge, LineageFilter, LineageFocus, LineageInstant, LineageNode, LineageSide } from "./lineage";
import { Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";
import { USAGE_ROLES } from "./usage";

export const LineagePaths = z
  .object({
    from: z.string().describe("Id of the one node."),
    to: z.string().describe("Id of the other."),
    direction: z
      .enum(["down", "up"])
      .nullable()
      .describe("`down`: data flow from `from` to `to`. `up`: the other way round. Null without a path."),
    steps: z.number().int().nullable().describe("Edges of the shortest path; null without a path."),
    total: z.number().describe("How many shortest paths there are."),
    paths: z
      .array(z.array(LineageEdge).describe("Edges in the direction of the data."))
      .describe("The first of them, by the names of their nodes."),
    nodes: z.array(LineageNode).describe("Every node of these paths; distances are from `from`."),
    exhausted: z
      .boolean()
      .describe("True when no path means that there is none; false when the search ended at its bound before."),
    visited: z.number().int().describe("Nodes that the search looked at."),
  })
  .meta({ id: "LineagePaths", description: "The shortest ways that data take between two nodes." });
export type LineagePaths = z.infer<typeof LineagePaths>;

export const findLineagePath = operation({
  id: "findLineagePath",
  method: "GET",
  path: "/api/v1/lineage/path",
  summary: "The shortest paths between two nodes, whichever way the data flow.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    from: LineageFocus,
    to: LineageFocus,
    asOf: LineageInstant,
    limit: z.coerce.number().int().min(1).max(50).default(5).describe("At most so many paths."),
  }),
  response: LineagePaths,
});

const ImpactUse = z
  .object({
    role: z.enum(USAGE_ROLES).describe("What it was used for."),
    last: Instant.describe("When last."),
  })
  .meta({ id: "LineageUse", description: "A role in which something was used." });

export const LineageImpact = LineageNode.omit({ upstream: true, downstream: true })
  .extend({
    lastUsed: Instant.nullable().describe("When a run last used it; null when none did."),
    uses: z.array(ImpactUse).describe("The roles in which runs used a feature, or used features for a model or stage."),
  })
  .meta({ id: "LineageImpact", description: "Something that a change would reach." });
export type LineageImpact = z.infer<typeof LineageImpact>;

export const LineageImpactQuery = WorkspaceQuery.extend({
  node: LineageFocus,
  side: LineageSide.default("down"),
  role: z
    .union([z.enum(USAGE_ROLES).transform((one) => [one]), z.array(z.enum(USAGE_ROLES))])
    .optional()
    .describe("Only what was used in these roles."),
  asOf: LineageInstant,
  ...LineageFilter.shape,
});
export type LineageImpactQuery = z.output<typeof LineageImpactQuery>;

export const listLineageImpact = operation({
  id: "listLineageImpact",
  method: "GET",
  path: "/api/v1/lineage/impact",
  summary: "Everything downstream or upstream of a node, nearest first.",
  tag: "lineage",
  query: LineageImpactQuery.extend(Page.shape),
  response: listOf(LineageImpact, "nodes")
    .extend({
      counts: z.record(z.string(), z.number().int()).describe("Kind → how many of it."),
      longest: z.number().int().describe("Steps to the furthest."),
    })
    .meta({ id: "LineageImpactList", description: "What a change would reach." }),
});

export const exportLineageImpact = operation({
  id: "exportLineageImpact",
  method: "GET",
  path: "/api/v1/lineage/impact/export",
  summary: "The same, complete, as CSV.",
  tag: "lineage",
  query: LineageImpactQuery,
  response: z.string().describe("text/csv"),
});

const LineageLeak = z
  .object({
    model: z.string().describe("Name of the model."),
    version: z.number().int().describe("Its newest version."),
    modelVersionId: z.string().describe("Id under which the proof can be asked for."),
    feature: z.string().describe("`entity.column` that the model reads."),
    estimator: z.string().describe("The stage whose fit has seen the test rows."),
    verdict: z.enum(VERDICTS).describe("Of this estimator."),
    severity: z.enum(SEVERITIES).describe("How bad."),
    reasons: z.array(z.string()).describe("Codes."),
    sentence: z.string().describe("Why, for people."),
    edges: z.array(LineageEdge).describe("From the data through the fit to the model, in order."),
  })
  .meta({ id: "LineageLeak", description: "A way on which test rows reach a model." });
export type LineageLeak = z.infer<typeof LineageLeak>;

export const listLineageLeaks = operation({
  id: "listLineageLeaks",
  method: "GET",
  path: "/api/v1/lineage/leaks",
  summary: "Which paths leak: from the data through the leaking fit to the newest version of each model.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    node: LineageFocus.optional().describe("Only leaks that pass this node."),
    verdict: z.enum(["leak", "unknown"]).default("leak").describe("Proven leaks, or what nobody can tell."),
  }),
  response: z
    .object({
      leaks: z.array(LineageLeak).describe("One per model, feature and estimator."),
      nodes: z.array(z.string()).describe("Ids of every node on them."),
      edges: z.array(LineageEdge).describe("Every flow on them, once."),
    })
    .meta({ id: "LineageLeaks", description: "The leaking paths of a workspace." }),
});
