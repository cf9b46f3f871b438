import { z } from "zod";
import { ColumnName } from "./operation";

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/, { error: "expected a name such as late_departures" });

export const FitRows = z
  .union(
    [
      z.strictObject({ rows: z.literal("all").describe("Every row.") }),
      z.strictObject({
        split: Name.describe("Split policy."),
        parts: z.array(z.string().min(1)).min(1).describe("Its parts whose rows are used."),
      }),
    ],
    { error: "expected {rows: all}, or {split, parts}" },
  )
  .meta({ id: "FitRows", description: "Rows that estimators are fitted on." });

export const Evaluation = z
  .strictObject({
    split: Name.describe("Split policy."),
    validation: z.array(z.string().min(1)).optional().describe("Its parts for validation."),
    test: z.array(z.string().min(1)).min(1).describe("Its parts for testing."),
    label: ColumnName.describe("Column with the truth."),
    prediction: ColumnName.optional().describe(
      "Output to evaluate, where several are written by supervised estimators that have the label in `fitInputs`.",
    ),
    slices: z
      .array(ColumnName)
      .optional()
      .describe("Features of the judged rows by whose values the model is judged in slices."),
    model: Name.describe("Name of the model that the estimator of the evaluated output becomes."),
    unit: z
      .array(z.string().min(1))
      .min(1)
      .describe("Columns whose shared value between fit and test counts as leakage."),
    labelHorizonDays: z.number().min(0).optional().describe("Days after a row's time until its label is known."),
  })
  .meta({ id: "Evaluation", description: "How a pipeline's result is judged." });

/** Pins as people write them: a map from column to stage, or a list of `column@stage`. */
export const Pins = z
  .union(
    [
      z.record(z.string(), z.string()),
      z.array(
        z.string().regex(/^[^@\s]+@[^@\s]+$/, { error: "expected column@stage such as airport.segment@airport_bands" }),
      ),
    ],
    { error: "expected {column: stage}, or a list of column@stage" },
  )
  .describe(
    "Column to the one stage that may write it, such as `airport.segment` to `airport_bands`; or a list such as `airport.segment@airport_bands`.",
  );

/** What `POST /api/v1/pipelines` stores: a Pipeline document without its kind. */
export const PipelineFields = z.object({
  name: Name.describe("Name, unique in the workspace."),
  outputs: z.array(ColumnName).min(1).describe("Wanted columns."),
  pins: Pins.optional(),
  fit: FitRows.optional().describe(
    "Rows that estimators are fitted on unless their owners say otherwise; every row when left out.",
  ),
  refit: z.array(Name).optional().describe("Stages fitted on this pipeline's rows, whatever their owner declared."),
  evaluate: Evaluation.optional().describe("How the result is judged; without it no model is made."),
  description: z.string().optional().describe("What it is for."),
  owner: z.string().optional().describe("Who owns it."),
  tags: z.array(z.string()).optional().describe("Tags."),
});
