import { z } from "zod";
import { DRIFT_METRIC_NAMES } from "@/lib/domain/definitions/drift-metric";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { Because, DriftComparison, DriftMissing, DriftState, DriftTest } from "./drift-comparison";
import {
  ColumnName,
  deprecatedAlias,
  Instant,
  listOf,
  operation,
  Page,
  WorkspaceBody,
  WorkspaceQuery,
} from "./operation";

const Reference = z
  .union([
    z.strictObject({
      window: z.tuple([Instant, Instant]).describe("`[from, to)`: profiled windows within it, added up."),
    }),
    z.strictObject({ part: z.string().describe("A part of the split, such as `train`.") }),
    z.strictObject({ rolling: z.number().int().describe("So many windows before.") }),
  ])
  .meta({ id: "MonitorReference", description: "What each window is compared with." });

const Metric = z.enum(DRIFT_METRIC_NAMES).describe("How a window is compared with the reference.");

export const MonitorSummary = z
  .object({
    name: z.string().describe("Name."),
    description: z.string().describe("What it is for."),
    owner: z.string().describe("Who owns it."),
    view: z.string().nullable().describe("The feature view that it watches."),
    model: z.string().nullable().describe("The model whose features it watches."),
    source: z.string().nullable().describe("The source whose columns it watches."),
    environment: z.enum(ENVIRONMENTS).describe("Whose pointers say which versions of a view's features are watched."),
    reference: Reference.describe("What the definition compares each window with."),
    baseline: z
      .object({
        reference: Reference,
        reason: z.string().describe("Why it was reset."),
        at: Instant.describe("When."),
        by: z.string().describe("Who did it."),
      })
      .nullable()
      .describe("What replaces the definition's reference since somebody reset it; null when nobody did."),
    metric: Metric,
    warn: z.number().nullable().describe("Score from which it warns; null where each figure has its own."),
    critical: z.number().nullable().describe("Score from which it is critical; null where each figure has its own."),
    calibrated: z.boolean().describe("Whether thresholds rise to the noise of the consuming models."),
    minRows: z.number().int().describe("Rows that each side needs."),
    after: z.number().int().describe("Alarming windows in a row before an alert opens."),
    schedule: z.string().nullable().describe("Cron in UTC; null checks after every run that profiles."),
    nextRunAt: Instant.nullable().describe("When the schedule asks for the next check."),
    lastRunAt: Instant.nullable().describe("When it was checked last."),
    lastError: z.string().nullable().describe("Why the last check failed; null when it did not."),
    features: z.number().int().describe("Features that have verdicts."),
    alerts: z.number().int().describe("Alerts that are not resolved."),
    dataset: z
      .object({
        from: Instant.describe("Begin of the window."),
        judged: z.number().int().describe("Features with enough data."),
        drifted: z.number().int().describe("Features at or above warn."),
        isDrift: z.boolean().describe("Whether half of the judged features or more drifted."),
      })
      .nullable()
      .describe("All features together in the newest window; null before the first check."),
  })
  .meta({ id: "MonitorSummary", description: "A monitor as a list shows it." });
export type MonitorSummary = z.infer<typeof MonitorSummary>;

export const listMonitors = operation({
  id: "listMonitors",
  method: "GET",
  path: "/api/v1/monitors",
  summary: "The monitors of a workspace.",
  tag: "monitors",
  query: WorkspaceQuery,
  response: listOf(MonitorSummary, "monitors").meta({ id: "MonitorList", description: "Monitors by name." }),
});

export const Backtest = z
  .object({
    id: z.string().describe("Id of the check."),
    state: z.enum(["queued", "running", "done", "failed"]).describe("Where its job is."),
    from: Instant.nullable().describe("Windows that begin here or later; null is open."),
    to: Instant.nullable().describe("Windows that begin before; null is open."),
    done: z.number().int().describe("Windows of time that are judged so far."),
    total: z.number().int().describe("Windows of time in the range; 0 before it begins."),
    judged: z.number().int().describe("Windows of features that were judged so far."),
    opened: z.number().int().describe("Alerts that this opened, those resolved since included."),
    resolved: z.number().int().describe("Alerts that this resolved."),
    error: z.string().nullable().describe("Why it failed."),
    requestedBy: z.string().describe("Who asked for it."),
    requestedAt: Instant.describe("When."),
    finishedAt: Instant.nullable().describe("When it ended."),
  })
  .meta({ id: "Backtest", description: "A check of a monitor's history: a job, window by window." });
export type Backtest = z.infer<typeof Backtest>;

const Verdict = z
  .object({
    feature: ColumnName,
    from: Instant.describe("Begin of the window."),
    to: Instant.describe("End of the window."),
    state: DriftState,
    metric: z.string().describe("The figure that was computed: `natural` and tests choose by type and size."),
    score: z.number().nullable().describe("Distance to the reference, or p; null when there is nothing to compare."),
    severity: z.number().nullable().describe("Score ÷ warn; for a probability warn ÷ p."),
    warn: z.number().describe("Score from which it warned."),
    critical: z.number().describe("Score from which it was critical."),
    because: Because,
    test: DriftTest.nullable().describe("Of a test; null of a distance."),
    missing: DriftMissing.nullable().describe("Missing values, counted apart; null where nothing could be computed."),
    noise: z
      .object({
        model: z.string().nullable().describe("The consuming model; null for a run without one."),
        score: z.number().describe("How far its test part is from its train part."),
      })
      .nullable()
      .describe("What calibrated the thresholds; null where they are not."),
    referenceRows: z.number().describe("Rows of the reference."),
    rows: z.number().describe("Rows of the window."),
    isPartial: z.boolean().describe("Whether data cover only a part of the window, which then is never the worst."),
    reference: z.string().describe("What it was compared with, in words."),
    explanation: z.string().describe("The verdict in a sentence."),
  })
  .meta({ id: "MonitorVerdict", description: "A feature in a window against the monitor's reference." });
export type MonitorVerdict = z.infer<typeof Verdict>;

export const MonitorDetail = MonitorSummary.extend({
  yaml: z.string().describe("The definition as a spec document."),
  backtest: Backtest.nullable().describe("The newest check of its history that somebody asked for."),
  look: Backtest.nullable().describe("Deprecated: the same as backtest."),
  windows: z
    .array(z.tuple([Instant, Instant]))
    .describe("Windows of time that are profiled, `[from, to)`: what a baseline can be reset to."),
  verdicts: z.array(Verdict).describe("By feature and time."),
}).meta({ id: "MonitorDetail", description: "A monitor with its verdicts." });
export type MonitorDetail = z.infer<typeof MonitorDetail>;

const MonitorParams = z.object({ name: z.string().describe("Name of the monitor.") });

export const getMonitor = operation({
  id: "getMonitor",
  method: "GET",
  path: "/api/v1/monitors/{name}",
  summary: "One monitor with every window that it judged.",
  tag: "monitors",
  params: MonitorParams,
  query: WorkspaceQuery,
  response: MonitorDetail,
});

export const compareMonitored = operation({
  id: "compareMonitored",
  method: "GET",
  path: "/api/v1/monitors/{name}/comparison",
  summary: "One window beside what the monitor compares it with, on shared edges and by the monitor's own terms.",
  tag: "monitors",
  params: MonitorParams,
  query: WorkspaceQuery.extend({
    feature: ColumnName,
    window: z.string().describe("A window's name such as 2001-06, or the instant that it begins at."),
  }),
  response: DriftComparison,
});

export const startBacktest = operation({
  id: "startBacktest",
  method: "POST",
  path: "/api/v1/monitors/{name}/backtests",
  summary: "Begins a job that judges the monitor's windows from stored profiles: all of its history, or a range.",
  status: 202,
  tag: "monitors",
  params: MonitorParams,
  body: WorkspaceBody.extend({
    from: Instant.optional().describe("Windows that begin here or later."),
    to: Instant.optional().describe("Windows that begin before."),
  }),
  response: Backtest,
});

export const startLook = deprecatedAlias(startBacktest, "lookWithMonitor", "/api/v1/monitors/{name}/looks");

export const resetBaseline = operation({
  id: "resetBaseline",
  method: "POST",
  path: "/api/v1/monitors/{name}/baseline",
  summary: "Compares with another reference from now on, or again with the definition's, and checks its history anew.",
  tag: "monitors",
  params: MonitorParams,
  body: WorkspaceBody.extend({
    reference: Reference.nullable().describe("What to compare with; null goes back to the definition's."),
    reason: z.string().trim().min(1).max(2000).describe("Why, for the next reader."),
  }),
  response: MonitorDetail,
});

export const saveThresholds = operation({
  id: "saveThresholds",
  method: "PUT",
  path: "/api/v1/monitors/{name}/thresholds",
  summary: "Writes metric and thresholds into the monitor's definition, as applying its changed document would.",
  tag: "monitors",
  params: MonitorParams,
  body: WorkspaceBody.extend({
    metric: Metric,
    warn: z.number().positive().optional().describe("Left out: the metric's."),
    critical: z.number().positive().optional().describe("Left out: the metric's."),
    calibrated: z.boolean().default(false).describe("Whether thresholds rise to the noise of the consuming models."),
    after: z.number().int().min(1).max(100).default(1).describe("Alarming windows in a row before an alert opens."),
  }),
  response: MonitorDetail,
});

const MonitorTrial = z
  .object({
    verdicts: z.array(Verdict).describe("By feature and time."),
    alerts: z.number().int().describe("How often it would have alerted."),
    alerting: z.array(ColumnName).describe("Features that would be alerting now."),
    noiseFloor: z
      .array(
        z.object({
          feature: ColumnName,
          model: z.string().nullable().describe("The consuming model whose parts these are."),
          score: z.number().describe("Distance between the train and the test part by the same metric."),
        }),
      )
      .describe("How far apart the train and test parts are, where both were profiled: what is below is noise."),
    suggestedWarn: z
      .number()
      .nullable()
      .describe("The greatest noise, when it is above the threshold that was asked for; null for `natural`."),
  })
  .meta({ id: "MonitorTrial", description: "Thresholds tried on history." });
export type MonitorTrial = z.infer<typeof MonitorTrial>;

export const tryMonitor = operation({
  id: "tryMonitor",
  method: "POST",
  path: "/api/v1/monitors/preview",
  summary: "What a monitor would have said of the stored history; nothing is kept.",
  tag: "monitors",
  body: WorkspaceBody.extend({
    view: z.string().optional().describe("Feature view to watch."),
    model: z.string().optional().describe("Model whose features to watch."),
    source: z.string().optional().describe("Source whose columns to watch; exactly one of the three."),
    environment: z.enum(ENVIRONMENTS).default("dev").describe("Whose pointers choose a view's versions."),
    reference: Reference,
    metric: Metric.default("natural"),
    warn: z.number().positive().optional().describe("Default: the metric's; `natural` takes none."),
    critical: z.number().positive().optional().describe("Default: the metric's; `natural` takes none."),
    calibrated: z.boolean().optional().describe("Whether thresholds rise to the noise of the consuming models."),
    minRows: z.number().int().min(1).optional().describe("Default 30."),
    after: z.number().int().min(1).max(100).optional().describe("Default 1."),
  }),
  response: MonitorTrial,
});

export const ALERT_LEVELS = ["warn", "critical"] as const;

export const AlertEntry = z
  .object({
    number: z.number().int().describe("Number in the workspace."),
    about: z
      .enum(["monitor", "view"])
      .describe("Whether a monitor opened it, or a view whose values are older than it allows."),
    monitor: z.string().describe("Its monitor, or its view."),
    feature: ColumnName,
    state: z.enum(["open", "acknowledged", "snoozed", "resolved"]).describe("Where it is in its life."),
    level: z.enum(ALERT_LEVELS).describe("How bad the newest window is."),
    firstFrom: Instant.describe("Begin of the first alarming window."),
    lastFrom: Instant.describe("Begin of the newest alarming window."),
    windows: z.number().int().describe("Alarming windows so far."),
    score: z.number().nullable().describe("Score of the newest window."),
    worst: z.number().nullable().describe("Worst severity."),
    explanation: z.string().describe("The newest verdict in a sentence."),
    picture: z.string().describe("Address of the page that shows why."),
    snoozedUntil: Instant.nullable().describe("Until when it is quiet."),
    openedAt: Instant.describe("When it opened."),
    resolvedAt: Instant.nullable().describe("When it was resolved."),
    actions: z.array(z.enum(["acknowledge", "snooze", "resolve"])).describe("What the reader may do with it."),
    events: z
      .array(
        z.object({
          at: Instant.describe("When."),
          action: z.string().describe("What happened."),
          actor: z.string().describe("Who did it."),
          comment: z.string().describe("Why, or what was found."),
        }),
      )
      .describe("Its history, oldest first."),
  })
  .meta({ id: "Alert", description: "A feature of a monitor that drifted." });
export type AlertEntry = z.infer<typeof AlertEntry>;

export const listAlerts = operation({
  id: "listAlerts",
  method: "GET",
  path: "/api/v1/alerts",
  summary: "Alerts, the newest first.",
  tag: "alerts",
  query: WorkspaceQuery.extend(Page.shape).extend({
    state: z
      .enum(["live", "open", "acknowledged", "snoozed", "resolved", "all"])
      .default("live")
      .describe("`live` is whatever is not resolved."),
    monitor: z.string().optional().describe("Only those of a monitor."),
  }),
  response: listOf(AlertEntry, "alerts").meta({ id: "AlertList", description: "Alerts." }),
});

export const handleAlert = operation({
  id: "handleAlert",
  method: "POST",
  path: "/api/v1/alerts/{number}/actions",
  summary: "Acknowledges, snoozes or resolves an alert.",
  tag: "alerts",
  params: z.object({ number: z.coerce.number().int().describe("Number of the alert.") }),
  body: WorkspaceBody.extend({
    action: z.enum(["acknowledge", "snooze", "resolve"]).describe("What to do."),
    comment: z.string().trim().max(2000).default("").describe("Why; needed to acknowledge and to resolve."),
    until: Instant.optional().describe("How long to be quiet; needed to snooze."),
  }),
  response: AlertEntry,
});
