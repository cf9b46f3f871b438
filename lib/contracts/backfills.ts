import { z } from "zod";
import { Instant, operation, WorkspaceQuery } from "./operation";
import { RUN_STATES } from "@/lib/domain/runs/run-states";
import { When } from "./when";

export const BACKFILL_STATES = ["running", "paused", "succeeded", "failed", "canceled"] as const;
export type BackfillState = (typeof BACKFILL_STATES)[number];

export const CHUNK_STATES = ["pending", "running", "succeeded", "failed"] as const;
export type ChunkState = (typeof CHUNK_STATES)[number];

export const BACKFILL_ACTIONS = ["pause", "resume", "cancel", "retry"] as const;
export type BackfillAction = (typeof BACKFILL_ACTIONS)[number];

export const CreateBackfill = z
  .strictObject({
    from: When.describe("First moment to compute: a date or an instant in UTC."),
    to: When.describe("First moment after the range."),
    chunkDays: z.coerce
      .number()
      .int({ error: "expected a whole number of days" })
      .min(1, { error: "expected at least 1 day" })
      .max(3660, { error: "expected at most 3660 days" })
      .default(7)
      .describe("Days that one run computes; the last chunk is what remains."),
  })
  .meta({ id: "CreateBackfill", description: "A range of event times to compute." });
export type CreateBackfill = z.output<typeof CreateBackfill>;

export const Backfill = z
  .object({
    id: z.uuid().describe("Id of the back-fill."),
    kind: z.enum(["predict_staging", "predict_production"]).describe("The job that computes it."),
    from: Instant.describe("First moment of the range."),
    to: Instant.describe("First moment after it."),
    chunkDays: z.number().int().describe("Days that one run computes."),
    state: z.enum(BACKFILL_STATES).describe("Where it stands."),
    createdAt: Instant.describe("When it was asked for."),
    createdBy: z.string().describe("Who asked for it."),
    finishedAt: Instant.nullable().describe("When it ended."),
    chunks: z.number().int().describe("Chunks in all."),
    done: z.number().int().describe("Chunks that are done, and are never computed again."),
    failed: z.number().int().describe("Chunks whose newest run failed or was canceled."),
    progress: z.number().min(0).max(1).describe("Share that is done, 0 to 1, with that of the chunk that runs."),
    etaSeconds: z
      .number()
      .nullable()
      .describe("Seconds until the end, by the chunks that are done; null while nothing is known or nothing runs."),
    message: z.string().describe("Where it stands, in words."),
    actions: z.array(z.enum(BACKFILL_ACTIONS)).describe("What the caller may do with it now."),
  })
  .meta({ id: "Backfill", description: "A time range that is computed chunk by chunk." });
export type Backfill = z.infer<typeof Backfill>;

export const BackfillChunk = z
  .object({
    position: z.number().int().describe("Place in the range, from 0."),
    from: Instant.describe("First moment of the chunk."),
    to: Instant.describe("First moment after it."),
    state: z.enum(CHUNK_STATES).describe("Where it stands."),
    run: z
      .object({
        id: z.uuid().describe("Id of the run."),
        number: z.number().int().describe("Its number."),
        state: z.enum(RUN_STATES).describe("Where the run stands."),
        progress: z.number().describe("Share that is done, 0 to 1."),
        message: z.string().describe("What is being done, or how it ended."),
        rows: z.number().int().nullable().describe("Rows written; null before the end."),
        seconds: z.number().nullable().describe("Seconds it took; null before the end."),
        modelVersion: z.number().int().nullable().describe("Model version that it scored with."),
      })
      .nullable()
      .describe("Its newest run; null before the first."),
  })
  .meta({ id: "BackfillChunk", description: "One part of a back-fill, computed by one run." });
export type BackfillChunk = z.infer<typeof BackfillChunk>;

export const BackfillDetail = Backfill.extend({
  deployment: z.string().describe("Name of the deployment."),
  chunkList: z.array(BackfillChunk).describe("The chunks, from the earliest."),
}).meta({ id: "BackfillDetail", description: "A back-fill with its chunks." });
export type BackfillDetail = z.infer<typeof BackfillDetail>;

const tag = "deployments";
const Name = z.string().min(1).describe("Name of the deployment.");
const BackfillPath = z.object({
  name: Name,
  backfillId: z.uuid({ error: "expected a back-fill's id" }).describe("Id of the back-fill."),
});

export const createBackfill = operation({
  id: "createBackfill",
  method: "POST",
  path: "/api/v1/deployments/{name}/jobs/{kind}/backfills",
  summary: "Computes a range of event times in chunks, each by a run of its own.",
  tag,
  params: z.object({
    name: Name,
    kind: z
      .enum(["fit", "predict_staging", "predict_production"], {
        error: "expected predict_staging or predict_production",
      })
      .describe("Which job: predict_staging or predict_production."),
  }),
  query: WorkspaceQuery,
  body: CreateBackfill,
  response: BackfillDetail,
  status: 201,
});

export const getBackfill = operation({
  id: "getBackfill",
  method: "GET",
  path: "/api/v1/deployments/{name}/backfills/{backfillId}",
  summary: "One back-fill with its chunks.",
  tag,
  params: BackfillPath,
  query: WorkspaceQuery,
  response: BackfillDetail,
});

const change = (verb: BackfillAction, summary: string) =>
  operation({
    id: `${verb}Backfill`,
    method: "POST",
    path: `/api/v1/deployments/{name}/backfills/{backfillId}/${verb}`,
    summary,
    tag,
    params: BackfillPath,
    query: WorkspaceQuery,
    response: BackfillDetail,
  });

export const pauseBackfill = change("pause", "Begins no further chunk; the one that runs goes on to its end.");
export const resumeBackfill = change("resume", "Goes on with the chunks that are not done.");
export const cancelBackfill = change("cancel", "Ends a back-fill; what is done stays.");
export const retryBackfill = change("retry", "Computes the failed chunks again, and what was left.");
