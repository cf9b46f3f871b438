import { ENGINE_NAMES } from "@/lib/domain/definitions/engine-name";
import { z } from "zod";
import { JOB_KINDS } from "@/lib/domain/runs/job-kinds";
import { Backfill } from "./backfills";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";
import { Run } from "./runs";
import { RUN_STATES } from "@/lib/domain/runs/run-states";
import { When } from "./when";
import { VariantChoice } from "./variant-choice";

export const DEPLOYMENT_STATES = ["active", "paused", "retired"] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

const NAME = /^[a-z][a-z0-9_]*$/;
const DeploymentName = z
  .string()
  .regex(NAME, { error: "expected a name such as late_departures: lower-case letters, digits and _" })
  .describe("Name of the deployment.");

const Cron = z
  .string()
  .trim()
  .nullable()
  .optional()
  .describe("Cron expression of five fields in UTC, such as `0 6 * * *`; null or left out runs on demand only.");

export const Schedules = z
  .strictObject({ fit: Cron, predictStaging: Cron, predictProduction: Cron })
  .meta({ id: "Schedules", description: "When the jobs of a deployment run by themselves." });
export type Schedules = z.infer<typeof Schedules>;

const OnNewData = z
  .boolean()
  .optional()
  .describe("Whether it also runs when a source that it reads has a new version; false when left out.");

const Triggers = z
  .strictObject({ fit: OnNewData, predictStaging: OnNewData, predictProduction: OnNewData })
  .meta({ id: "NewDataTriggers", description: "Which jobs of a deployment run when their sources have new data." });
export type NewDataTriggers = z.infer<typeof Triggers>;

export const CreateDeployment = z
  .strictObject({
    workspace: WorkspaceName,
    name: DeploymentName.optional().describe("Name of the deployment; the pipeline's, or one after it, when left out."),
    ...VariantChoice.shape,
    model: z
      .string()
      .regex(NAME, { error: "expected a name such as late_model: lower-case letters, digits and _" })
      .optional()
      .describe("Name of the model that its fits are versions of; the pipeline's own, when left out."),
    schedules: Schedules.optional().describe("When its jobs run by themselves."),
    onNewData: Triggers.optional().describe("Which of its jobs run when their sources have new data."),
    description: z.string().max(2000).optional().describe("What it is for."),
  })
  .meta({ id: "CreateDeployment", description: "A variant to put into operation." });
export type CreateDeployment = z.infer<typeof CreateDeployment>;

export const EditDeployment = z
  .strictObject({
    schedules: Schedules.optional().describe("Schedules to change; those that are left out stay as they are."),
    onNewData: Triggers.optional().describe(
      "Jobs to begin, or to begin no more, on new data; others stay as they are.",
    ),
    description: z.string().max(2000).optional().describe("What it is for."),
  })
  .meta({ id: "EditDeployment", description: "What of a deployment can be changed." });
export type EditDeployment = z.infer<typeof EditDeployment>;

export const RunWindow = z
  .object({
    from: Instant.describe("First moment that is computed."),
    to: Instant.describe("First moment after it."),
  })
  .meta({ id: "RunWindow", description: "A range of event times, from included, to excluded." });
export type RunWindow = z.infer<typeof RunWindow>;

export const StartJob = z
  .strictObject({
    from: When.optional().describe("Only rows from this time on; goes with `to`, and with predictions only."),
    to: When.optional().describe("Only rows before this time."),
  })
  .meta({ id: "StartJob", description: "Which rows to compute; all when left out." });
export type StartJob = z.output<typeof StartJob>;

export const DeploymentRun = z
  .object({
    id: z.uuid().describe("Id of the run."),
    number: z.number().int().describe("Its number in the workspace."),
    kind: z.enum(JOB_KINDS).describe("The job that it is a run of."),
    state: z.enum(RUN_STATES).describe("Where it stands."),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1."),
    message: z.string().describe("What is being done, or how it ended."),
    createdAt: Instant.describe("When it was asked for."),
    startedAt: Instant.nullable().describe("When a worker took it."),
    finishedAt: Instant.nullable().describe("When it ended."),
    createdBy: z.string().describe("Who asked for it; Tributary for a schedule."),
    rows: z.number().int().nullable().describe("Rows written; null before the end."),
    window: RunWindow.nullable().describe("Rows that it computes; null for all."),
    backfillId: z.uuid().nullable().describe("The back-fill that it is a chunk of."),
    modelVersion: z
      .number()
      .int()
      .nullable()
      .describe("A fit: the version that it made. A prediction: the version that it scored with."),
    reuse: z
      .object({
        fits: z.number().int().describe("Fits that were used again, because an equal one was there."),
        of: z.number().int().describe("Estimators in all."),
        secondsSaved: z.number().describe("What those fits took when they were made."),
      })
      .nullable()
      .describe("A fit: what did not have to be fitted. Null for predictions."),
    datasets: z
      .array(
        z.object({
          dataset: z.string().describe("Name of the dataset, such as `flight@late_departures.staging`."),
          version: z.number().int().describe("Its version."),
          rows: z.number().int().describe("Rows in it."),
        }),
      )
      .describe("What it wrote."),
  })
  .meta({ id: "DeploymentRun", description: "A run of one of a deployment's jobs." });
export type DeploymentRun = z.infer<typeof DeploymentRun>;

export const DeploymentJobSummary = z
  .object({
    kind: z.enum(JOB_KINDS).describe("What the job does."),
    schedule: z.string().nullable().describe("Cron expression in UTC; null runs on demand only."),
    nextRunAt: Instant.nullable().describe("When the schedule asks for the next run; null while it asks for none."),
    onNewData: z
      .array(
        z.object({
          source: z.string().describe("Name of the source."),
          version: z.number().int().describe("Its newest version when new data last began a run; 0 before the first."),
          readAt: Instant.nullable().describe("When it was last read because its files had changed; null before."),
          error: z.string().nullable().describe("Why its data could not be read the last time; null when they could."),
        }),
      )
      .nullable()
      .describe("The sources whose new versions begin a run; null where none does."),
    lastRun: DeploymentRun.nullable().describe("The newest run, chunks of back-fills left out."),
  })
  .meta({ id: "DeploymentJobSummary", description: "One job of a deployment, in short." });
export type DeploymentJobSummary = z.infer<typeof DeploymentJobSummary>;

const AliasVersion = z.number().int().nullable();

export const DeploymentSummary = z
  .object({
    name: z.string().describe("Name, unique in the workspace."),
    description: z.string().describe("What it is for."),
    state: z.enum(DEPLOYMENT_STATES).describe("Paused jobs run on demand only; retired ones never."),
    pipeline: z.string().describe("Pipeline whose variant it is."),
    outputs: z.array(ColumnName).describe("Columns that it writes."),
    engine: z.enum(ENGINE_NAMES).describe("Engine that its jobs run on."),
    choice: z.record(z.string(), z.string()).describe("Column → stage that writes it in this variant."),
    model: z.string().nullable().describe("Model that its fits are versions of; null when nothing is fitted."),
    aliases: z
      .object({
        staging: AliasVersion.describe("Model version under staging; null while there is none."),
        production: AliasVersion.describe("Model version under production; null while there is none."),
      })
      .describe("Versions that its predict jobs score with at their next run."),
    jobs: z.array(DeploymentJobSummary).describe("Its three jobs: fit, predict (staging), predict (production)."),
    createdAt: Instant.describe("When it was deployed."),
    createdBy: z.string().describe("Who deployed it."),
  })
  .meta({ id: "DeploymentSummary", description: "A variant in operation." });
export type DeploymentSummary = z.infer<typeof DeploymentSummary>;

export const DeploymentJob = DeploymentJobSummary.extend({
  upcoming: z.array(Instant).describe("The next three times of the schedule, also while it is paused."),
  alias: z.enum(["staging", "production"]).nullable().describe("Alias that it follows; null for the fit job."),
  follows: z
    .object({
      version: z.number().int().describe("Version that the alias names now."),
      since: Instant.describe("When the alias was moved to it."),
      by: z.string().describe("Who moved it."),
    })
    .nullable()
    .describe("What its next run scores with; null while the alias names nothing, or nothing is fitted."),
  serves: z
    .array(
      z.object({
        feature: ColumnName,
        version: z.number().int().describe("Feature version that the newest run wrote."),
        pointer: z.number().int().nullable().describe("Feature version that the environment serves; null while none."),
        isServed: z.boolean().describe("Whether the environment serves what the job writes."),
        sentence: z.string().describe("The same in words, with what to do."),
      }),
    )
    .describe("What the newest run that succeeded wrote beside what its environment serves; empty for the fit job."),
  runs: z.array(DeploymentRun).describe("Its newest runs, chunks of back-fills left out, newest first; at most ten."),
  backfills: z.array(Backfill).describe("Its back-fills, newest first; at most ten."),
}).meta({ id: "DeploymentJob", description: "One job of a deployment." });
export type DeploymentJob = z.infer<typeof DeploymentJob>;

export const DeploymentModelVersion = z
  .object({
    version: z.number().int().describe("Version of the model."),
    runId: z.uuid().nullable().describe("Run that made it; null when it was fitted elsewhere."),
    runNumber: z.number().int().nullable().describe("Number of that run; null when it was fitted elsewhere."),
    createdAt: Instant.describe("When it was made."),
    metrics: z.record(z.string(), z.record(z.string(), z.number())).describe("Part → metric → value."),
    aliases: z.array(z.enum(["staging", "production"])).describe("Aliases that name it."),
    verdict: z.enum(["safe", "unknown", "leak"]).describe("Whether its test score can be trusted."),
  })
  .meta({ id: "DeploymentModelVersion", description: "A version of a deployment's model." });
export type DeploymentModelVersion = z.infer<typeof DeploymentModelVersion>;

export const DeploymentDetail = DeploymentSummary.extend({
  pins: z.record(z.string(), z.string()).describe("Column → stage that was asked to write it."),
  variant: z.number().int().describe("Which variant under these pins, counted from 0."),
  stages: z
    .array(
      z.object({
        stage: z.string().describe("Name of the stage."),
        version: z.number().int().describe("Version that is deployed."),
        newest: z.number().int().describe("Newest version in the registry."),
        operator: z.string().describe("Operator that it runs."),
        kind: z.enum(["transformer", "estimator"]).describe("Whether it is fitted."),
      }),
    )
    .describe("The stages that are deployed, in the order in which they run."),
  jobs: z.array(DeploymentJob).describe("Its three jobs: fit, predict (staging), predict (production)."),
  modelVersions: z.array(DeploymentModelVersion).describe("Versions of its model, newest first; at most twenty."),
  saved: z
    .object({
      fits: z.number().int().describe("Fits that were used again, over all of its fit runs."),
      seconds: z.number().describe("Seconds that they took when they were made."),
    })
    .describe("What equal fits have saved."),
  abTests: z
    .array(
      z.object({
        name: z.string().describe("Name of the test."),
        arm: z.string().describe("Name of the arm."),
        state: z.string().describe("running or closed."),
      }),
    )
    .describe("A/B tests in which it is an arm."),
  actions: z
    .array(z.enum(["pause", "resume", "retire", "edit", "run", "backfill"]))
    .describe("What the caller may do with it now."),
}).meta({ id: "Deployment", description: "A deployment with its jobs, runs, model versions and back-fills." });
export type DeploymentDetail = z.infer<typeof DeploymentDetail>;

const tag = "deployments";
const DeploymentPath = z.object({ name: DeploymentName });
export const JobPath = DeploymentPath.extend({
  kind: z
    .enum(JOB_KINDS, { error: `expected one of ${JOB_KINDS.join(", ")}` })
    .describe("Which job: fit, predict_staging or predict_production."),
});

export const createDeployment = operation({
  id: "createDeployment",
  method: "POST",
  path: "/api/v1/deployments",
  summary: "Deploys a variant: its three jobs appear together, or nothing does.",
  tag,
  body: CreateDeployment,
  response: DeploymentDetail,
  status: 201,
});

export const ListDeploymentsQuery = WorkspaceQuery.extend(Page.shape).extend({
  state: z
    .enum([...DEPLOYMENT_STATES, "live", "all"])
    .default("live")
    .describe("Only deployments in this state; `live`, which is the default, is all but the retired ones."),
  pipeline: z.string().optional().describe("Only deployments of this pipeline."),
  q: z.string().optional().describe("Words of name or description; the best come first."),
});
export type ListDeploymentsQuery = z.output<typeof ListDeploymentsQuery>;

export const DeploymentList = listOf(DeploymentSummary, "deployments").meta({
  id: "DeploymentList",
  description: "Deployments.",
});
export type DeploymentList = z.infer<typeof DeploymentList>;

export const listDeployments = operation({
  id: "listDeployments",
  method: "GET",
  path: "/api/v1/deployments",
  summary: "The deployments of a workspace, by name.",
  tag,
  query: ListDeploymentsQuery,
  response: DeploymentList,
});

export const getDeployment = operation({
  id: "getDeployment",
  method: "GET",
  path: "/api/v1/deployments/{name}",
  summary: "One deployment with its jobs, model versions and back-fills.",
  tag,
  params: DeploymentPath,
  query: WorkspaceQuery,
  response: DeploymentDetail,
});

export const editDeployment = operation({
  id: "editDeployment",
  method: "PATCH",
  path: "/api/v1/deployments/{name}",
  summary: "Changes schedules or description.",
  tag,
  params: DeploymentPath,
  query: WorkspaceQuery,
  body: EditDeployment,
  response: DeploymentDetail,
});

const change = (verb: "pause" | "resume" | "retire", summary: string) =>
  operation({
    id: `${verb}Deployment`,
    method: "POST",
    path: `/api/v1/deployments/{name}/${verb}`,
    summary,
    tag,
    params: DeploymentPath,
    query: WorkspaceQuery,
    response: DeploymentDetail,
  });

export const pauseDeployment = change("pause", "Stops the schedules and back-fills; what runs goes on to its end.");
export const resumeDeployment = change("resume", "Starts the schedules again, at their next time from now.");
export const retireDeployment = change("retire", "Ends a deployment for good; its variant can be deployed again.");

export const startJob = operation({
  id: "startJob",
  method: "POST",
  path: "/api/v1/deployments/{name}/jobs/{kind}/runs",
  summary: "Runs a job now.",
  tag,
  params: JobPath,
  query: WorkspaceQuery,
  body: StartJob,
  response: Run,
  status: 201,
});
