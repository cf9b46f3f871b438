import { z } from "zod";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/definitions/drift-metric";
import { Because, DriftComparison, DriftState } from "./drift-comparison";
import { ColumnName, listOf, operation, Page, WorkspaceName } from "./operation";

const Window = z
  .string()
  .regex(/^\d{4}-\d{2}(-\d{2})?$/, { error: "expected a month such as 2001-06, or the first day of a shorter window" })
  .describe("A window of time: YYYY-MM of a calendar month, YYYY-MM-DD of a day or of a week's first day.");

const DriftCell = z
  .object({
    window: Window,
    state: DriftState,
    isReference: z.boolean().describe("Whether it is what the others are compared with."),
    isPartial: z.boolean().describe("Whether data cover only a part of the window, which then is never the worst."),
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
    isRead: z.boolean().describe("Whether a model or a feature service reads this version."),
    severity: z.number().nullable().describe("The worst severity over the windows."),
    reference: z
      .string()
      .nullable()
      .describe("What its windows are compared with, in words; null when there is nothing."),
    referenceRows: z.number().describe("Rows of the reference."),
    referenceShares: z.array(z.number()).describe("Share of the reference's rows in each bucket."),
    windows: z.number().int().describe("Windows that have a profile."),
    cells: z.array(DriftCell).describe("One for each of the newest of them, in order."),
  })
  .meta({ id: "DriftRow", description: "A feature's drift over time." });
export type DriftRow = z.infer<typeof DriftRow>;

export const DriftMap = listOf(DriftRow, "features")
  .extend({
    environment: z.enum(ENVIRONMENTS).describe("Whose pointers choose the versions."),
    metric: z.string().describe("How windows are compared with the reference."),
    warn: z.number().nullable().describe("Score from which it is a warning; null where each figure has its own."),
    critical: z.number().nullable().describe("Score from which it is critical; null where each figure has its own."),
    reference: z.string().describe("What windows are compared with, as the query says it."),
    monitor: z
      .string()
      .nullable()
      .describe("The monitor whose terms these are; null where the query or the defaults say them."),
    isCalibrated: z.boolean().describe("Whether thresholds rise to the noise of the consuming models."),
    windows: z.array(Window).describe("All windows of the features that the filters let through, in order."),
    model: z
      .object({
        name: z.string().describe("The model."),
        version: z.number().int().describe("Its newest version."),
        isServing: z.boolean().describe("Whether the windows are of predict runs; otherwise of the runs before."),
      })
      .nullable()
      .describe("The model whose features these are; null when they are those of an environment."),
    views: z.array(z.string()).describe("Feature views of the workspace, to choose from."),
    entities: z.array(z.string()).describe("Entities of the features, to choose from."),
    owners: z.array(z.string()).describe("Owners of the features, to choose from."),
    features: z
      .object({
        served: z.number().int().describe("Features that the environment serves, or the model reads."),
        profiled: z.number().int().describe("Those that were profiled over time."),
        unprofiled: z.array(ColumnName).describe("The others, by name."),
      })
      .describe("Features before any filter by entity or owner."),
    summary: z
      .object({
        share: z.number().nullable().describe("Share of judged features that alarm in any window."),
        warned: z.number().int().describe("How many these are."),
        now: z.number().int().describe("How many alarm in their newest whole window that has enough rows."),
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
        critical: z.number().int().describe("Features that are critical in any window."),
        worst: z
          .array(z.object({ feature: ColumnName, window: Window.describe("Its worst window.") }))
          .describe("The worst of these, worst first; ten at most."),
      })
      .describe("The features that the filters let through as a whole."),
  })
  .meta({ id: "DriftMap", description: "Features × windows against a reference." });
export type DriftMap = z.infer<typeof DriftMap>;

const DriftTermsQuery = z.object({
  workspace: WorkspaceName,
  environment: z
    .enum(ENVIRONMENTS)
    .optional()
    .describe("Whose pointers choose the versions. Default: the one nearest to production that serves anything."),
  view: z.string().optional().describe("Only the features of this feature view."),
  model: z
    .string()
    .optional()
    .describe("The features that the newest version of this model reads, against the rows it was trained on."),
  metric: z
    .enum(DRIFT_METRIC_NAMES)
    .optional()
    .describe(
      "How windows are compared with the reference. Where neither it nor thresholds nor a reference are given, those of the monitor that watches the model or the view; else `natural`.",
    ),
  warn: z.coerce.number().positive().optional().describe("Default: the metric's own; `natural` takes none."),
  critical: z.coerce.number().positive().optional().describe("Default: the metric's own; `natural` takes none."),
  calibrated: z
    .enum(["true", "false"])
    .optional()
    .describe("Whether thresholds rise to the noise of the consuming models."),
  reference: z
    .union([z.enum(["first", "before", "season"]), z.string().regex(/^part:.+$/), Window])
    .optional()
    .describe(
      "What each window is compared with: `first` (the feature's first window with enough rows), `before` (the window before), `season` (the same window a year before), `part:NAME` of the split, or a window. Default `first`; of a model `part:train`.",
    ),
});

export const DRIFT_SORTS = ["severity", "name", "view"] as const;

export const DriftQuery = DriftTermsQuery.extend({
  feature: ColumnName.optional().describe("Only this feature, judged as among all of them."),
  entity: z.string().optional().describe("Only features of this entity."),
  owner: z.string().optional().describe("Only features of this owner."),
  sort: z
    .enum(DRIFT_SORTS)
    .default("severity")
    .describe("By the worst severity over all windows, by name, or by feature view and then severity."),
  windows: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(12)
    .describe("How many of each feature's newest windows are answered; severity and summary are of all of them."),
  ...Page.shape,
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

export const exportDrift = operation({
  id: "exportDrift",
  method: "GET",
  path: "/api/v1/drift/export",
  summary: "The same as CSV: every window of every feature that the filters let through.",
  tag: "drift",
  query: DriftQuery.omit({ windows: true, limit: true, cursor: true }),
  response: z.string().describe("text/csv"),
});

export const compareDrift = operation({
  id: "compareDrift",
  method: "GET",
  path: "/api/v1/drift/compare",
  summary: "One feature's window and its reference on shared edges.",
  tag: "drift",
  query: DriftTermsQuery.extend({ feature: ColumnName, window: Window }),
  response: DriftComparison,
});
