import { z } from "zod";
import { LineageEdge, LineageFocus, LineageNode } from "./lineage";
import { Instant, operation, WorkspaceQuery } from "./operation";

const Depth = z.coerce.number().int().min(0).max(6);

export const LineageDifference = z
  .object({
    against: Instant.describe("The moment that it is compared with."),
    asOf: Instant.describe("The moment that is compared."),
    counts: z
      .object({
        addedEdges: z.number().int().describe("Flows that are new."),
        removedEdges: z.number().int().describe("Flows that are gone."),
        addedNodes: z.number().int().describe("Nodes that have flows now and had none."),
        removedNodes: z.number().int().describe("Nodes that had flows and have none."),
      })
      .describe("All there are, listed or not."),
    added: z.array(LineageEdge).describe("Flows of `asOf` that `against` did not have."),
    removed: z.array(LineageEdge).describe("Flows of `against` that `asOf` does not have."),
    addedNodes: z.array(z.string()).describe("Ids of nodes that only `asOf` has."),
    removedNodes: z.array(z.string()).describe("Ids of nodes that only `against` had."),
    nodes: z.array(LineageNode).describe("Both ends of every listed flow; distances are 0."),
    truncated: z.boolean().describe("Whether there is more than the limit lists."),
  })
  .meta({ id: "LineageDifference", description: "What changed in the lineage between two moments." });
export type LineageDifference = z.infer<typeof LineageDifference>;

export const diffLineage = operation({
  id: "diffLineage",
  method: "GET",
  path: "/api/v1/lineage/difference",
  summary: "What changed in the lineage between two moments, in the workspace or around a node.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    against: Instant.describe("The moment to compare with, usually the earlier one."),
    asOf: Instant.optional().describe("The moment to compare; now when left out."),
    focus: LineageFocus.optional().describe("Only flows of this node's neighbourhood, as it was at either moment."),
    up: Depth.default(1).describe("Steps upstream of the focus."),
    down: Depth.default(1).describe("Steps downstream of the focus."),
    limit: z.coerce.number().int().min(1).max(5000).default(1000).describe("At most so many flows of each list."),
  }),
  response: LineageDifference,
});

const LineageChange = z
  .object({
    at: Instant.describe("Just after it: `asOf` this moment shows what it did. Of several, the last."),
    added: z.number().int().describe("Flows that began."),
    removed: z.number().int().describe("Flows that ended."),
    moments: z.number().int().describe("How many moments are put together here."),
  })
  .meta({ id: "LineageChange", description: "A moment, or a few together, at which the lineage changed." });

export const listLineageTimes = operation({
  id: "listLineageTimes",
  method: "GET",
  path: "/api/v1/lineage/times",
  summary: "When the lineage changed, for a slider.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    node: LineageFocus.optional().describe("Only changes of this node's own flows."),
    buckets: z.coerce.number().int().min(1).max(500).default(60).describe("At most so many entries."),
  }),
  response: z
    .object({
      first: Instant.nullable().describe("The earliest moment of which lineage is known; null without any."),
      last: Instant.nullable().describe("The newest change."),
      changes: z
        .array(LineageChange)
        .describe("Oldest first. With more moments than entries, neighbours are put together."),
    })
    .meta({ id: "LineageTimes", description: "When the lineage changed." }),
});
