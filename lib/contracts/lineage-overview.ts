import { z } from "zod";
import { LINEAGE_ROLES } from "@/lib/domain/lineage/graph";
import { LineageFilter, LineageInstant } from "./lineage";
import { ColumnName, operation, WorkspaceName, WorkspaceQuery } from "./operation";

export const LINEAGE_GROUPINGS = ["kind", "entity", "owner", "source", "view"] as const;

const LineageGroup = z
  .object({
    id: z.string().describe("`grouping:value`, or a node's own id where a node stands alone."),
    label: z.string().describe("The value; empty for what has none, such as nodes without an owner."),
    kinds: z.record(z.string(), z.number().int()).describe("Kind → how many nodes of it are in the group."),
    nodes: z.number().int().describe("Nodes in the group."),
    edges: z.number().int().describe("Flows between two nodes of the group."),
  })
  .meta({ id: "LineageGroup", description: "Nodes put together." });

const LineageGroupEdge = z
  .object({
    from: z.string().describe("Group that is read."),
    to: z.string().describe("Group that reads it."),
    edges: z.number().int().describe("Flows that it stands for."),
    roles: z.array(z.enum(LINEAGE_ROLES)).describe("How the data flow."),
  })
  .meta({ id: "LineageGroupEdge", description: "Flows between two groups." });

export const LineageOverview = z
  .object({
    groups: z.array(LineageGroup).describe("The largest first."),
    edges: z.array(LineageGroupEdge).describe("Flows between listed groups, most first."),
    total: z
      .object({
        groups: z.number().int().describe("Groups, listed or not."),
        nodes: z.number().int().describe("Nodes that have any flow."),
        edges: z.number().int().describe("Flows."),
      })
      .describe("Everything, listed or not."),
    hidden: z
      .object({
        nodes: z.number().int().describe("Nodes in groups that are not listed."),
        edges: z
          .number()
          .int()
          .describe("Flows that begin or end in a group that is not listed, or that are not listed themselves."),
      })
      .describe("What the limit keeps back."),
  })
  .meta({ id: "LineageOverview", description: "A workspace's lineage, rolled up." });
export type LineageOverview = z.infer<typeof LineageOverview>;

export const getLineageOverview = operation({
  id: "getLineageOverview",
  method: "GET",
  path: "/api/v1/lineage/overview",
  summary: "The whole lineage of a workspace, rolled up; every node and flow is in exactly one count.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    by: z
      .enum(LINEAGE_GROUPINGS)
      .default("view")
      .describe(
        "What is put together. `view`: features by their view, else their entity. `source`: features by their source, else their entity. Stages go with what they write. Services and models stay alone, except by kind and owner.",
      ),
    kind: LineageFilter.shape.kind,
    asOf: LineageInstant,
    limit: z.coerce.number().int().min(1).max(1000).default(200).describe("At most so many groups."),
  }),
  response: LineageOverview,
});

const LineageVariant = z
  .object({
    index: z.number().int().describe("Number of the variant in the pipeline's plan, from 0."),
    choice: z.record(ColumnName, z.string()).describe("Column with several producers → the stage that writes it here."),
    cost: z.number().describe("Sum of the costs of its stages."),
    stages: z.array(z.string()).describe("Stages in an order in which they run."),
  })
  .meta({ id: "LineageVariant", description: "One consistent choice of producers." });

export const listLineageVariants = operation({
  id: "listLineageVariants",
  method: "GET",
  path: "/api/v1/lineage/variants",
  summary: "Which variants of a pipeline every stage and feature belongs to, for colouring.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    pipeline: WorkspaceName.describe("Name of the pipeline."),
    limit: z.coerce.number().int().min(1).max(24).default(8).describe("At most so many variants."),
  }),
  response: z
    .object({
      pipeline: z.string().describe("Name of the pipeline."),
      total: z.string().describe("How many variants there are, a whole number of any length."),
      atLeast: z.boolean().describe("Whether counting ended at its bound, so that there may be more."),
      variants: z.array(LineageVariant).describe("The first of them, in the order of the plan."),
      nodes: z
        .record(z.string(), z.array(z.number().int()))
        .describe("Id of a stage or feature → the listed variants that contain it."),
    })
    .meta({ id: "LineageVariants", description: "A pipeline's variants on the lineage." }),
});
