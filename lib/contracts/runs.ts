import { VERDICTS } from "@/lib/domain/leakage/codes";
import { RUN_CAUSES } from "@/lib/domain/runs/run-difference";
import { z } from "zod";
import { RUN_STATES, STATE_MEANINGS } from "@/lib/domain/runs/run-states";
import { OBJECT_KINDS } from "./definitions";
import { MlflowState } from "./mlflow";
import { WhereKept } from "./models";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";
import { SearchSchema } from "./spec-documents-search";
import { TrialParams } from "./run-trials";
import { VariantChoice } from "./variant-choice";

export const RUN_KINDS = ["variant", "fit", "predict", "materialise"] as const;

const RunId = z.uuid({ error: "expected a run's id" }).describe("Id of the run.");

export const RunSummary = z
  .object({
    id: RunId,
    number: z.number().int().describe("Number in the workspace, from 1."),
    kind: z
      .string()
      .describe(
        "`variant` and `fit` run a pipeline's variant, `predict` scores with a model version, `materialise` copies values.",
      ),
    deployment: z.string().nullable().describe("Deployment that it is a run of; null for none."),
    job: z.string().nullable().describe("Its job: fit, predict_staging or predict_production; null for none."),
    window: z
      .object({ from: Instant.describe("First moment."), to: Instant.describe("First moment after it.") })
      .nullable()
      .describe("Event times that it computes; null for all."),
    title: z.string().describe("What is run, for people."),
    pipeline: z.string().nullable().describe("Name of the pipeline."),
    state: z
      .enum(RUN_STATES)
      .describe(
        `Where the run stands. ${RUN_STATES.map((state) => `\`${state}\`: ${STATE_MEANINGS[state]}`).join(" ")}`,
      ),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1."),
    message: z.string().describe("What is being done, or how it ended."),
    createdAt: Instant.describe("When it was asked for."),
    startedAt: Instant.nullable().describe("When a worker took it."),
    finishedAt: Instant.nullable().describe("When it ended."),
    createdBy: z.string().describe("Name of who asked for it."),
    rows: z.number().int().nullable().describe("Rows written, all entities together; null before the end."),
    stages: z.number().int().describe("Stages of the variant."),
    reused: z.number().int().describe("Stages whose earlier fit or values were used again."),
    metrics: z
      .record(z.string(), z.record(z.string(), z.number()))
      .nullable()
      .describe("Part → metric → value; null before the end or without an evaluation."),
    figures: z
      .record(z.string(), z.unknown())
      .describe("The metrics and parameters that the query compares or sorts by, as far as the run has them."),
    model: z
      .object({
        name: z.string().describe("Name of the model."),
        version: z.number().int().describe("Its version."),
      })
      .nullable()
      .describe("The model version that it made; null for none."),
  })
  .meta({ id: "RunSummary", description: "One execution of a pipeline's variant." });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunStage = z
  .object({
    instance: z.string().describe("Stage instance, `stage@n`."),
    stage: z.string().describe("Name of the stage."),
    operator: z.string().describe("Operator that the stage runs."),
    kind: z.enum(["transformer", "estimator"]).describe("Whether it is fitted."),
    state: z.enum(["pending", "running", "done", "failed", "canceled"]).describe("Where the stage stands."),
    rows: z.number().int().nullable().describe("Rows written; null when not counted."),
    seconds: z.number().nullable().describe("Seconds it took."),
    reused: z
      .boolean()
      .describe("Whether an earlier fit on the same rows, or values that an earlier run wrote, were used again."),
    promised: z
      .object({
        kind: z
          .enum(["materialised", "fitted"])
          .describe("`materialised`: its values were there already; `fitted`: an equal fit was."),
        run: z.number().int().describe("Number of the run that made them."),
      })
      .nullable()
      .describe("What the plan said was there already when the run was asked for; null for nothing."),
    reason: z
      .string()
      .nullable()
      .describe(
        "Of an estimator: why it was fitted anew, or which fit was used again. Of any stage: why what was promised was not used.",
      ),
    reads: z.array(z.string()).describe("Instances that it reads, and `source:NAME` for sources."),
    saved: z
      .object({
        seconds: z.number().describe("Seconds that the fit took when it was made."),
        run: z.number().int().nullable().describe("Number of the run that made it; null when that cannot be told."),
        runId: z.string().nullable().describe("Id of that run."),
      })
      .nullable()
      .describe("What was used again; null when nothing was."),
  })
  .meta({ id: "RunStage", description: "One stage of a run." });

export const RunDataset = z
  .object({
    dataset: z.string().describe("Source, or `entity@pipeline` for an output."),
    version: z.number().int().describe("Version number."),
    rows: z.number().int().describe("Rows in it."),
    bytes: z.number().int().describe("Size of its files in bytes."),
    digest: z.string().describe("SHA-256 of the digests of its files, in order: equal digests, equal bytes."),
    timeFrom: Instant.nullable().describe("First time in it; null without a time column."),
    timeTo: Instant.nullable().describe("Last time in it; null without a time column."),
  })
  .meta({ id: "RunDataset", description: "A dataset version that a run read or wrote." });

export const RunFit = z
  .object({
    stage: z.string().describe("The estimator's stage."),
    class: z.string().describe("statistic, unsupervised, selection or supervised."),
    rows: z.number().int().describe("Rows that it was fitted on."),
    seconds: z.number().describe("Seconds of the fit."),
    rowSet: z.string().describe("The rows in words."),
    where: WhereKept,
  })
  .meta({ id: "RunFit", description: "What an estimator learned from." });

export const RunFeatureVersion = z
  .object({
    feature: ColumnName,
    version: z.number().int().describe("Version of the feature."),
    stage: z.string().nullable().describe("The stage that writes it."),
    created: z.boolean().describe("Whether this run was the first to write this version."),
  })
  .meta({ id: "RunFeatureVersion", description: "A feature version whose values a run wrote." });

export const RunModelVersion = z
  .object({
    model: z.string().describe("Name of the model."),
    version: z.number().int().describe("Version of the model."),
    verdict: z.enum(["safe", "unknown", "leak"]).describe("Whether its test score can be trusted."),
    sentence: z.string().describe("The verdict in a sentence."),
  })
  .meta({ id: "RunModelVersion", description: "A model version that a run made." });

export const RunMaterialisation = z
  .object({
    view: z.string().describe("Feature view whose values went online."),
    rows: z.number().int().describe("Entities in the online store."),
    at: Instant.describe("When readers began to see them."),
  })
  .meta({ id: "RunMaterialisation", description: "Values of a run in the online store." });

const RunSearch = z
  .object({
    metric: z.string().describe("The metric that the best trial was chosen by."),
    better: z.enum(["higher", "lower"]).describe("Which values of it are better."),
    kind: z.enum(["grid", "random"]).describe("Whether every combination was tried, or some were drawn."),
    seed: z.number().nullable().describe("Of the draw; null for a grid."),
    by: z
      .enum(["validation", "folds"])
      .describe("Rows that the trials were scored by: validation rows, or every fold by a fit on the others."),
    split: z.string().describe("Split policy of those rows."),
    parts: z.array(z.string()).describe("Its parts."),
    rows: z.number().int().describe("Rows that each trial was scored on."),
    chosen: z.number().int().describe("Number of the trial whose parameters the run's own fits have."),
    trials: z
      .array(
        z.object({
          number: z.number().int().describe("From 1, in the order in which they ran."),
          params: TrialParams,
          score: z
            .number()
            .nullable()
            .describe("The metric, or its mean over the folds; null for a trial that could not be scored."),
          deviation: z
            .number()
            .nullable()
            .describe("Sample standard deviation over the folds; null where one part was scored."),
          scores: z.record(z.string(), z.number()).describe("Part → the metric on it."),
          interval: z
            .tuple([z.number(), z.number()])
            .nullable()
            .describe("95 % interval of the metric on the validation rows; null where none is standard."),
          seconds: z.number().describe("Seconds that the engine took."),
          fitted: z.number().int().describe("Fits that were made for it."),
          reused: z.number().int().describe("Fits of earlier trials or runs that were used again."),
          error: z.string().nullable().describe("Why it has no score; null when it has one."),
        }),
      )
      .describe("The trials, in the order in which they ran."),
  })
  .meta({ id: "RunSearch", description: "What a run found by trying parameters." });
export type RunSearch = z.infer<typeof RunSearch>;

const unknownThen = "null where that was not recorded.";
const RunEnvironment = z
  .object({
    tributary: z.string().nullable().describe(`Version of the product; ${unknownThen}`),
    commit: z.string().nullable().describe(`Commit of its code; ${unknownThen}`),
    dirty: z.boolean().nullable().describe(`Whether the code had changes that are in no commit; ${unknownThen}`),
    lockfile: z.string().nullable().describe(`SHA-256 of the lockfile of its packages; ${unknownThen}`),
    engine: z.string().nullable().describe(`What computed, with its version; ${unknownThen}`),
    node: z.string().nullable().describe(`Version of Node.js; ${unknownThen}`),
    platform: z.string().nullable().describe(`Operating system and processor; ${unknownThen}`),
    processors: z.number().int().nullable().describe(`Processors of the machine; ${unknownThen}`),
    memoryBytes: z.number().int().nullable().describe(`Memory of the machine in bytes; ${unknownThen}`),
    threads: z.number().int().nullable().describe(`Threads of the engine; ${unknownThen}`),
    engineMemory: z.string().nullable().describe(`Memory limit of the engine, such as 2GB; ${unknownThen}`),
  })
  .meta({ id: "RunEnvironment", description: "Code, packages, engine and machine that a run ran with." });

export const Run = RunSummary.extend({
  outputs: z.array(RunDataset).describe("Datasets written."),
  inputs: z.array(RunDataset).describe("Datasets read, by resolved version."),
  stageList: z.array(RunStage).describe("The stages in the order in which they run."),
  pins: z.record(z.string(), z.string()).describe("Column → stage that was asked to write it."),
  choice: z.record(z.string(), z.string()).describe("Column → stage that writes it in this variant."),
  versionAsOf: z
    .record(z.string(), z.number().int().describe("Its version."))
    .describe("Source → version of its data that was asked for; empty for a run on what sources held when it began."),
  crossValidation: z
    .object({
      metric: z.string().describe("The metric that the folds are scored by."),
      mean: z.number().describe("Mean of the folds' scores."),
      deviation: z.number().describe("Their sample standard deviation (divisor: folds less one)."),
      folds: z
        .array(
          z.object({
            part: z.string().describe("The fold, which the fit left out."),
            rows: z.number().int().describe("Rows of it that were scored."),
            fitRows: z.number().int().describe("Rows of the other folds that the model was fitted on."),
            score: z.number().describe("The metric on it."),
            metrics: z.record(z.string(), z.number()).describe("Metric → value on it."),
            verdict: z.enum(VERDICTS).describe("Whether a fit before the prediction has seen rows of it."),
            reasons: z.array(z.string()).describe("Codes behind the verdict."),
          }),
        )
        .describe("Score of each fold by the fit on the others."),
    })
    .nullable()
    .describe("Of a pipeline with `crossValidate`: its fit rows, fold by fold. Null for other runs."),
  search: RunSearch.nullable().describe(
    "Of a run that tried parameters: its trials, and which was chosen. Null for other runs.",
  ),
  fits: z.array(RunFit).describe("Fits that this run made, those of folds included."),
  featureVersions: z.array(RunFeatureVersion).describe("Feature versions written."),
  modelVersions: z.array(RunModelVersion).describe("Model versions made."),
  materialisations: z.array(RunMaterialisation).describe("Values copied to the online store."),
  scoredWith: z
    .object({
      model: z.string().describe("Name of the model."),
      version: z.number().int().describe("Version that had the alias when the run began."),
    })
    .nullable()
    .describe("The model version that a prediction scored with; null for other runs."),
  backfill: z
    .object({
      id: z.string().describe("Id of the back-fill."),
      chunk: z.number().int().describe("Number of the chunk, from 1."),
      chunks: z.number().int().describe("Chunks in all."),
    })
    .nullable()
    .describe("The chunk of a back-fill that it computes; null for other runs."),
  definitions: z
    .array(
      z.object({
        kind: z.enum(OBJECT_KINDS).describe("Kind."),
        name: z.string().describe("Name."),
        version: z.number().int().describe("Number of its version."),
      }),
    )
    .describe(
      "Versions of the definitions that it ran with, by kind and name; empty for runs from before they were kept.",
    ),
  attempt: z.number().int().describe("How often a worker took it; more than 1 after one died."),
  retryOf: z
    .object({ id: RunId, number: z.number().int().describe("Its number.") })
    .nullable()
    .describe("The run that this one repeats."),
  engine: z.string().nullable().describe("Engine that ran it."),
  environment: RunEnvironment.nullable().describe("What it ran in; null before the end."),
  seeds: z
    .array(
      z.object({
        of: z.string().describe("`stage NAME` or `split policy NAME`."),
        seed: z.number().int().describe("The seed, chosen or the default."),
      }),
    )
    .nullable()
    .describe("What drew by a seed; null before the end, and for runs from before seeds were recorded."),
  mlflow: MlflowState.nullable().describe("What MLflow was told of it; null for a run that it is not told of."),
  error: z
    .object({
      code: z.string().describe("Kind of the failure."),
      message: z.string().describe("What happened, and what to do."),
    })
    .nullable()
    .describe("Why it failed."),
  actions: z.array(z.enum(["cancel", "retry", "reproduce"])).describe("What the caller may do with it now."),
}).meta({ id: "Run", description: "One run with everything that it read, did and wrote." });
export type Run = z.infer<typeof Run>;

export const RunLogLine = z
  .object({
    id: z.string().describe("Position in the log; ascending."),
    at: Instant.describe("When."),
    level: z.enum(["info", "warn", "error"]).describe("How serious."),
    message: z.string().describe("What happened."),
  })
  .meta({ id: "RunLogLine", description: "One line of a run's log." });
export type RunLogLine = z.infer<typeof RunLogLine>;

export const StartRun = z
  .strictObject({
    workspace: WorkspaceName,
    ...VariantChoice.shape,
    search: SearchSchema.nullish().describe(
      "Parameters to try, as a pipeline's `search`, in the place of what the pipeline says; null fits as declared.",
    ),
    versionAsOf: z
      .record(z.string(), z.number().int().min(1, { error: "expected the number of a version" }))
      .optional()
      .describe("Source → version of its data that is read. Sources that are not named are read as they are now."),
    timestampAsOf: Instant.optional().describe(
      "Sources that `versionAsOf` does not name are read in the newest version that had been recorded by then.",
    ),
  })
  .meta({ id: "StartRun", description: "What to run." });
export type StartRun = z.infer<typeof StartRun>;

const RunPath = z.object({ runId: RunId });
const tag = "runs";

export const startRun = operation({
  id: "startRun",
  method: "POST",
  path: "/api/v1/runs",
  summary: "Plans a pipeline and queues a run of one variant.",
  tag,
  body: StartRun,
  response: Run,
  status: 201,
});

export const ListRunsQuery = WorkspaceQuery.extend(Page.shape).extend({
  state: z.enum(RUN_STATES).optional().describe("Only runs in this state."),
  pipeline: z.string().optional().describe("Only runs of this pipeline."),
  deployment: z.string().optional().describe("Only runs of this deployment's jobs."),
  job: z.string().optional().describe("Only runs of this kind of job: fit, predict_staging or predict_production."),
  kind: z.enum(RUN_KINDS).optional().describe("Only runs of this kind."),
  q: z
    .string()
    .max(500)
    .optional()
    .describe(
      "Only runs whose title contains every word of this, or whose number a word is, and whose metrics and parameters are as compared: `metrics.test.auc > 0.8`, `params.late_model.regParam <= 0.1`; with <, <=, >, >=, = and !=. A parameter that a stage leaves out has its operator's default.",
    ),
  sort: z
    .string()
    .max(200)
    .optional()
    .describe(
      "A metric or parameter to sort by, such as `metrics.test.auc`, with `-` before it for falling values; runs without it are last. Left out: the newest first.",
    ),
});
export type ListRunsQuery = z.output<typeof ListRunsQuery>;

export const listRuns = operation({
  id: "listRuns",
  method: "GET",
  path: "/api/v1/runs",
  summary: "The runs of a workspace, newest first, or by a metric or parameter.",
  tag,
  query: ListRunsQuery,
  response: listOf(RunSummary, "runs").meta({ id: "RunList", description: "Runs." }),
});

export const getRun = operation({
  id: "getRun",
  method: "GET",
  path: "/api/v1/runs/{runId}",
  summary: "One run.",
  tag,
  params: RunPath,
  response: Run,
});

export const listRunLogs = operation({
  id: "listRunLogs",
  method: "GET",
  path: "/api/v1/runs/{runId}/logs",
  summary: "A run's log, oldest line first.",
  tag,
  params: RunPath,
  query: z.object({
    cursor: z
      .string()
      .regex(/^\d+$/, { error: "must be the id of a line" })
      .optional()
      .describe("Lines after this id."),
    limit: z.coerce.number().int().min(1).max(1000).default(500).describe("At most so many lines."),
  }),
  response: listOf(RunLogLine, "lines").meta({ id: "RunLog", description: "Lines of a run's log." }),
});

export const cancelRun = operation({
  id: "cancelRun",
  method: "POST",
  path: "/api/v1/runs/{runId}/cancel",
  summary: "Cancels a run that has not ended.",
  tag,
  params: RunPath,
  response: Run,
});

export const retryRun = operation({
  id: "retryRun",
  method: "POST",
  path: "/api/v1/runs/{runId}/retry",
  summary: "Queues a new run of what a failed or canceled run was to do.",
  tag,
  params: RunPath,
  response: Run,
  status: 201,
});

const RunChange = z
  .object({
    what: z.string().describe("A source, a definition, who writes a column, or a member of the environment."),
    before: z.string().nullable().describe("What the other run had; null where it had none."),
    after: z.string().nullable().describe("What this run had; null where it had none."),
  })
  .meta({ id: "RunChange", description: "What two runs did not have in common." });

export const RunDifference = z
  .object({
    run: z.number().int().describe("Number of this run."),
    with: z.number().int().describe("Number of the other run, which comes first."),
    cause: z
      .enum(RUN_CAUSES)
      .describe("What a difference of the results is to be attributed to: the only kind of change there is; several, or none."), // prettier-ignore
    data: z.array(RunChange).describe("Sources whose bytes differ."),
    parameters: z.array(RunChange).describe("Definitions in other versions, and columns that another stage writes."),
    code: z.array(RunChange).describe("Code, packages, engine and platform, where both runs recorded them."),
    metrics: z
      .array(
        z.object({
          part: z.string().describe("Part of the split."),
          metric: z.string().describe("Metric."),
          before: z.number().nullable().describe("Its value in the other run; null for none."),
          after: z.number().nullable().describe("Its value in this run; null for none."),
        }),
      )
      .describe("Every metric of both, whether it differs or not."),
  })
  .meta({ id: "RunDifference", description: "In what a run differs from another one." });
export type RunDifference = z.infer<typeof RunDifference>;

export const compareRuns = operation({
  id: "compareRuns",
  method: "GET",
  path: "/api/v1/runs/{runId}/difference",
  summary: "In what a run differs from another one, and whether that is data, parameters or code.",
  tag,
  params: RunPath,
  query: z.object({
    with: z.uuid({ error: "expected a run's id" }).describe("Id of the other run, which comes first."),
  }),
  response: RunDifference,
});

export const watchRun = operation({
  id: "watchRun",
  method: "GET",
  path: "/api/v1/runs/{runId}/events",
  summary: "The run as server-sent events: a snapshot now and at every change, until it has ended.",
  tag,
  params: RunPath,
  response: Run,
});
