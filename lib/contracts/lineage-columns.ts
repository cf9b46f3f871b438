import { z } from "zod";
import { LineageFocus, LineageInstant } from "./lineage";
import { ColumnName, operation, WorkspaceQuery } from "./operation";

export const COLUMN_FLOW_KINDS = ["value", "rows", "fit"] as const;

export const ColumnFlow = z
  .object({
    from: ColumnName,
    to: ColumnName,
    stage: z.string().describe("The stage that makes the one from the other."),
    kind: z
      .enum(COLUMN_FLOW_KINDS)
      .describe(
        "`value`: computed from its values. `rows`: decides which rows, groups or order the result has. `fit`: learned from, and not read to predict.",
      ),
    exact: z.boolean().describe("False when the stage cannot be taken apart, and every input counts for every output."),
  })
  .meta({ id: "ColumnFlow", description: "An input column that flows into an output column of a stage." });
export type ColumnFlow = z.infer<typeof ColumnFlow>;

export const ColumnLineage = z
  .object({
    focus: z.string().describe("Id of the feature or stage that was asked for."),
    columns: z
      .array(
        z
          .object({
            column: ColumnName,
            distance: z.number().int().describe("Stages between it and the focus; negative upstream."),
          })
          .meta({ id: "ColumnStep", description: "A column on the trace." }),
      )
      .describe("The columns of the trace, nearest first."),
    flows: z.array(ColumnFlow).describe("Every flow of the trace."),
    truncated: z.boolean().describe("Whether the limit cut the trace."),
  })
  .meta({ id: "ColumnLineage", description: "Which columns a column is made from, and what is made from it." });
export type ColumnLineage = z.infer<typeof ColumnLineage>;

const Depth = z.coerce.number().int().min(0).max(50);

export const getColumnLineage = operation({
  id: "getColumnLineage",
  method: "GET",
  path: "/api/v1/lineage/columns",
  summary: "Column lineage of a feature or stage, or of everything between two columns.",
  tag: "lineage",
  query: WorkspaceQuery.extend({
    focus: LineageFocus.describe("A column as `entity.column`, or `stage:name` for the flows inside a stage."),
    to: ColumnName.optional().describe("Only flows on a way from `focus` down to this column."),
    up: Depth.default(50).describe("Stages upstream."),
    down: Depth.default(50).describe("Stages downstream."),
    asOf: LineageInstant,
    limit: z.coerce.number().int().min(1).max(5000).default(1000).describe("At most so many columns."),
  }),
  response: ColumnLineage,
});
