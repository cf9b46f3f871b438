import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/drift/drift-metrics";
import { Because, DriftComparison, DriftState } from "./drift-comparison";
import { ColumnName, operation, WorkspaceName } from "./operation";

const Window = z
  .string()
  .regex(/^\d{4}-\d{2}(-\d{2})?$/, { error: "expected a month such as 2001-06, or the first day of a shorter window" })
  .describe("A window of time: YYYY-MM of a calendar month, YYYY-MM-DD of a day or of a week's first day.");

const DriftCell = z
  .object({
    window: Window,
    state: DriftState,
    isReference: z.boolean().describe("Whether it is what the others are compared with."),
    metric: z.string().nullable().describe("The figure that was computed; null where nothing could be."),
    score: z
      .number()
      .nullable()
      .describe("The distance to the reference, or p; null when there is nothing to compare."),
    severity: z.number().nullable().describe("Score ÷ warn threshold; for a probability warn ÷ p."),
    warn: z.number().nullable().describe("Score from which it is a warning."),
    critical: z.number().nullable().describe("Score from which it is critical."),
    because: Because,
    missing: z
      .tuple([z.number(), z.number()])
      .nullable()
      .describe("Share of rows without a value, of the reference and of the window."),
    rows: z.number().describe("Rows of the window."),
    explanation: z.string().describe("The verdict in a sentence."),
    shares: z.array(z.number()).describe("Share of the window's rows in each bucket of the reference."),
  })
  .meta({ id: "DriftCell", description: "A feature in one window against its reference." });
export type DriftCell = z.infer<typeof DriftCell>;

const DriftRow = z
  .object({
    feature: ColumnName,
    entity: z.string().describe("Its entity."),
    owner: z.string().describe("Who owns it."),
    type: z.string().describe("Its type."),
    version: z.number().int().describe("The version that the environment serves."),
    views: z.array(z.string()).describe("Feature views that have it."),
    severity: z.number().nullable().describe("The worst severity over the windows."),
    reference: z
      .string()
      .nullable()
      .describe("What its windows are compared with, in words; null when there is nothing."),
    referenceRows: z.number().describe("Rows of the reference."),
    referenceShares: z.array(z.number()).describe("Share of the reference's rows in each bucket."),
    cells: z.array(DriftCell).describe("One per window that has a profile."),
  })
  .meta({ id: "DriftRow", description: "A feature's drift over time." });
export type DriftRow = z.infer<typeof DriftRow>;

export const DriftMap = z
  .object({
    environment: z.enum(ENVIRONMENTS).describe("Whose pointers choose the versions."),
    metric: z.string().describe("How windows are compared with the reference."),
    warn: z.number().nullable().describe("Score from which it is a warning; null where each figure has its own."),
    critical: z.number().nullable().describe("Score from which it is critical; null where each figure has its own."),
    isCalibrated: z.boolean().describe("Whether thresholds rise to the noise of the consuming models."),
    windows: z.array(Window).describe("All windows, in order."),
    model: z
      .object({
        name: z.string().describe("The model."),
        version: z.number().int().describe("Its newest version."),
        isServing: z.boolean().describe("Whether the windows are of predict runs; otherwise of the runs before."),
      })
      .nullable()
      .describe("The model whose features these are; null when they are those of an environment."),
    views: z.array(z.string()).describe("Feature views of the workspace, to choose from."),
    rows: z.array(DriftRow).describe("The features by name."),
    total: z.number().int().describe("Features that were asked about, profiled over time or not."),
    summary: z
      .object({
        share: z.number().nullable().describe("Share of judged features that alarm in any window."),
        warned: z.number().int().describe("How many these are."),
        judged: z.number().int().describe("Features with at least one window that has enough rows."),
        datasets: z
          .array(
            z.object({
              entity: z.string().describe("Entity of the features."),
              window: Window.describe("The newest window that most of its features could be judged in."),
              judged: z.number().int().describe("Features with enough data in it."),
              drifted: z.number().int().describe("Features that alarm in it."),
              isDrift: z.boolean().describe("Whether half of the judged features or more alarm: dataset drift."),
            }),
          )
          .describe("All features of an entity together, in its newest window."),
        critical: z.array(ColumnName).describe("Features that are critical in any window, worst first."),
      })
      .describe("The dataset as a whole."),
  })
  .meta({ id: "DriftMap", description: "Features × windows against a reference." });
export type DriftMap = z.infer<typeof DriftMap>;

export const DriftQuery = z.object({
  workspace: WorkspaceName,
  environment: z.enum(ENVIRONMENTS).default("dev").describe("Whose pointers choose the versions."),
  view: z.string().optional().describe("Only the features of this feature view."),
  model: z
    .string()
    .optional()
    .describe("The features that the newest version of this model reads, against the rows it was trained on."),
  metric: z.enum(DRIFT_METRIC_NAMES).default("natural").describe("How windows are compared with the reference."),
  warn: z.coerce.number().positive().optional().describe("Default: the metric's own; `natural` takes none."),
  critical: z.coerce.number().positive().optional().describe("Default: the metric's own; `natural` takes none."),
  calibrated: z
    .enum(["true", "false"])
    .default("false")
    .describe("Whether thresholds rise to the noise of the consuming models."),
  reference: z
    .union([z.enum(["first", "before"]), z.string().regex(/^part:.+$/), Window])
    .optional()
    .describe(
      "What each window is compared with: `first` (the feature's first window with enough rows), `before` (the window before), `part:NAME` of the split, or a window. Default `first`; of a model `part:train`.",
    ),
});

export const getDrift = operation({
  id: "getDrift",
  method: "GET",
  path: "/api/v1/drift",
  summary: "Drift of every served feature, or of what a model reads, window by window.",
  tag: "drift",
  query: DriftQuery,
  response: DriftMap,
});

export const compareDrift = operation({
  id: "compareDrift",
  method: "GET",
  path: "/api/v1/drift/compare",
  summary: "One feature's window and its reference on shared edges.",
  tag: "drift",
  query: DriftQuery.extend({ feature: ColumnName, window: Window }),
  response: DriftComparison,
});
