import { type Transaction, prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import type { Run } from "@/lib/db/generated/client";
import { postRunEvent } from "./post-run-event";
import { recordFitFailure } from "../changes/alert-fits";
import { announce } from "../notifications/announce";

/** A worker that has not said for so long that it lives is dead. Its heartbeat comes every two seconds. */
const DEAD_AFTER_SECONDS = 15;
/** A run that waits without a job for so long was lost between the queue and a worker that died. */
const LOST_AFTER_SECONDS = 20;
/** Attempts whose worker died before a run is given up: what kills a worker again and again is the run. */
const MOST_DEATHS = 5;

/**
 * Takes a waiting run: from here on only this attempt may write about it. Null when it is not waiting (any more).
 * All clocks are the database's, so that workers on several machines agree.
 */
export async function claimRun(runId: string): Promise<Run | null> {
  return prisma().$transaction(async (tx) => {
    const claimed = await tx.$queryRaw<{ id: string }[]>`
      UPDATE "Run" SET "state" = 'running', "attempt" = "attempt" + 1, "progress" = 0, "message" = 'Starting.',
        "startedAt" = now() AT TIME ZONE 'utc', "heartbeatAt" = now() AT TIME ZONE 'utc',
        "updatedAt" = now() AT TIME ZONE 'utc', "finishedAt" = NULL, "error" = NULL
      WHERE "id" = ${runId} AND "state" = 'queued'
      RETURNING "id"`;
    if (claimed.length === 0) return null;
    await tx.runStage.updateMany({
      where: { runId },
      data: { state: "pending", rows: null, seconds: null, reused: false, reason: null },
    });
    const run = await tx.run.findUniqueOrThrow({ where: { id: runId } });
    if (run.attempt === 1) await postRunEvent(tx, run, "start");
    return run;
  });
}

export type RunEnd =
  { state: "canceled" } | { state: "failed"; error: { code: string; message: string; context?: unknown } };

/** Ends a run that did not succeed. False when this attempt no longer holds it. */
export async function endRun(run: Run, end: RunEnd): Promise<boolean> {
  return prisma().$transaction(async (tx) => {
    const { count } = await tx.run.updateMany({
      where: { id: run.id, attempt: run.attempt, state: "running" },
      data: {
        state: end.state,
        finishedAt: new Date(),
        message: end.state === "failed" ? end.error.message : "Canceled.",
        ...(end.state === "failed" && { error: JSON.parse(JSON.stringify(end.error)) }),
      },
    });
    if (count === 0) return false;
    await tx.runStage.updateMany({ where: { runId: run.id, state: "running" }, data: { state: end.state } });
    await tx.runStage.updateMany({ where: { runId: run.id, state: "pending" }, data: { state: "canceled" } });
    await tx.runLog.create({
      data: {
        runId: run.id,
        level: end.state === "failed" ? "error" : "warn",
        message: end.state === "failed" ? end.error.message : "The run was canceled; nothing was published.",
      },
    });
    if (run.kind === "fit")
      await recordFitFailure(tx, run, end.state === "failed" ? `failed: ${end.error.message}` : "was canceled.");
    await postRunEvent(tx, run, "end");
    if (end.state === "failed")
      await announce(tx, run.workspaceId, [
        {
          event: "run.failed",
          object: `run/${run.number}`,
          path: `/runs/${run.id}`,
          summary: `Run ${run.number} failed: ${end.error.message}`,
          data: { number: run.number, kind: run.kind, code: end.error.code, message: end.error.message },
        },
      ]);
    return true;
  });
}

/** Gives a run back, to be taken by another worker, or by this one after a restart. */
export async function giveBack(run: Run, reason: string, afterSeconds = 0): Promise<void> {
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const { count } = await tx.run.updateMany({
      where: { id: run.id, attempt: run.attempt, state: "running" },
      data: { state: "queued", message: reason, heartbeatAt: null },
    });
    if (count === 0) return;
    await tx.runLog.create({ data: { runId: run.id, level: "warn", message: reason } });
    await enqueue(tx, "run", { runId: run.id }, { startAfterSeconds: afterSeconds });
  });
}

/**
 * Queues the runs of dead workers again. With `everyRunning`, all running ones: the database belongs to this process, and
 * it has not begun any.
 * @returns how many
 */
export async function reapRuns({ everyRunning = false } = {}): Promise<number> {
  await openQueue();
  const seconds = everyRunning ? -1 : DEAD_AFTER_SECONDS;
  await endDeadlyRuns(seconds);
  return prisma().$transaction(async (tx) => {
    const dead = await tx.$queryRaw<DeadRun[]>`
      UPDATE "Run" SET
        "state" = CASE WHEN "cancelRequestedAt" IS NULL THEN 'queued' ELSE 'canceled' END,
        "finishedAt" = CASE WHEN "cancelRequestedAt" IS NULL THEN NULL ELSE now() AT TIME ZONE 'utc' END,
        "message" = CASE WHEN "cancelRequestedAt" IS NULL THEN 'Waiting for a worker.' ELSE 'Canceled.' END,
        "heartbeatAt" = NULL, "deaths" = "deaths" + 1, "updatedAt" = now() AT TIME ZONE 'utc'
      WHERE "state" = 'running'
        AND ("heartbeatAt" IS NULL OR "heartbeatAt" < (now() AT TIME ZONE 'utc') - make_interval(secs => ${seconds}))
      RETURNING "id", "workspaceId", "number", "state", "attempt"`;
    for (const run of dead) {
      await tx.runLog.create({
        data: {
          runId: run.id,
          level: "warn",
          message: `The worker of attempt ${run.attempt} is gone. Nothing of what it did is visible; the run begins again.`,
        },
      });
      if (run.state === "queued") await enqueue(tx, "run", { runId: run.id });
      else await postRunEvent(tx, run, "end");
    }
    for (const { id } of await lostRuns(tx)) await enqueue(tx, "run", { runId: id });
    return dead.length;
  });
}

async function endDeadlyRuns(seconds: number): Promise<void> {
  const deadly = await prisma().$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Run"
    WHERE "state" = 'running' AND "cancelRequestedAt" IS NULL AND "deaths" >= ${MOST_DEATHS - 1}
      AND ("heartbeatAt" IS NULL OR "heartbeatAt" < (now() AT TIME ZONE 'utc') - make_interval(secs => ${seconds}))`;
  for (const { id } of deadly) {
    const run = await prisma().run.findUniqueOrThrow({ where: { id } });
    const message = `The workers of ${run.deaths + 1} attempts ended before the run did, so it is not tried again. See the server's log: too little memory is the usual reason.`;
    await endRun(run, { state: "failed", error: { code: "unexpected", message } });
  }
}

type DeadRun = Pick<Run, "id" | "workspaceId" | "number" | "state" | "attempt">;

function lostRuns(tx: Transaction): Promise<{ id: string }[]> {
  return tx.$queryRaw<{ id: string }[]>`
    SELECT r."id" FROM "Run" r
    WHERE r."state" = 'queued'
      AND r."updatedAt" < (now() AT TIME ZONE 'utc') - make_interval(secs => ${LOST_AFTER_SECONDS})
      AND NOT EXISTS (
        SELECT 1 FROM pgboss.job j
        WHERE j.name = 'run' AND j.state IN ('created', 'retry') AND j.data->>'runId' = r."id"
      )`;
}
