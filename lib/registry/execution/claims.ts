import { type Transaction, prisma } from "@/lib/db/client";
import { enqueue, enqueueAll, openQueue } from "@/lib/db/queue";
import { Prisma, type Run } from "@/lib/db/generated/client";
import { postRunEvent } from "./post-run-event";
import { recordFitFailure } from "../changes/alert-fits";
import { announce } from "../notifications/announce";
import { moveRuns } from "../runs/move-runs";

/** A run as its worker claimed it. */
export type ClaimedRun = Run;

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
export async function claimRun(runId: string): Promise<ClaimedRun | null> {
  return prisma().$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const [run] = await moveRuns(
      tx,
      "claim",
      { id: runId },
      {
        attempt: { increment: 1 },
        progress: 0,
        message: "Starting.",
        startedAt: now,
        heartbeatAt: now,
        finishedAt: null,
        error: Prisma.DbNull,
      },
    );
    if (!run) return null;
    await tx.runStage.updateMany({
      where: { runId },
      data: { state: "pending", rows: null, seconds: null, reused: false, reason: null },
    });
    if (run.attempt === 1) await postRunEvent(tx, run, "start");
    return run;
  });
}

export type RunEnd =
  { state: "canceled" } | { state: "failed"; error: { code: string; message: string; context?: unknown } };

/** Ends a run that did not succeed, for the attempt that holds it. False when this attempt no longer does. */
export function endRun(run: ClaimedRun, end: RunEnd): Promise<boolean> {
  return prisma().$transaction((tx) => recordEnd(tx, run, end, end.state === "failed" ? "fail" : "stop"));
}

async function recordEnd(
  tx: Transaction,
  run: ClaimedRun,
  end: RunEnd,
  transition: "fail" | "stop" | "giveUp",
): Promise<boolean> {
  const moved = await moveRuns(
    tx,
    transition,
    { id: run.id, attempt: run.attempt },
    {
      finishedAt: new Date(),
      message: end.state === "failed" ? end.error.message : "Canceled.",
      ...(end.state === "failed" && { error: JSON.parse(JSON.stringify(end.error)) }),
    },
  );
  if (moved.length === 0) return false;
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
}

/** Gives a run back, to be taken by another worker, or by this one after a restart. */
export async function giveBack(run: ClaimedRun, reason: string, afterSeconds = 0): Promise<void> {
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const { id, attempt } = run;
    const moved = await moveRuns(tx, "giveBack", { id, attempt }, { message: reason, heartbeatAt: null });
    if (moved.length === 0) return;
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
  return prisma().$transaction(async (tx) => {
    const dead = await lockDeadRuns(tx, seconds);
    const begun = dead.length === 0 ? 0 : await endOrRevive(tx, dead);
    await enqueueAll(tx, "run", await waitingRuns(tx));
    return begun;
  });
}

/** Returns how many of the dead begin again or are canceled, as against given up. */
async function endOrRevive(tx: Transaction, dead: readonly Run[]): Promise<number> {
  const deadly = dead.filter((run) => run.cancelRequestedAt === null && run.deaths >= MOST_DEATHS - 1);
  for (const run of deadly) await giveUp(tx, run);
  const others = dead.filter((run) => !deadly.includes(run));
  const idsOf = (runs: readonly Run[]) => ({ in: runs.map((run) => run.id) });
  const died = { heartbeatAt: null, deaths: { increment: 1 } };
  const revived = await moveRuns(
    tx,
    "revive",
    { id: idsOf(others.filter((run) => run.cancelRequestedAt === null)) },
    { ...died, message: "Waiting for a worker." },
  );
  const buried = await moveRuns(
    tx,
    "bury",
    { id: idsOf(others.filter((run) => run.cancelRequestedAt !== null)) },
    { ...died, message: "Canceled.", finishedAt: await databaseNow(tx) },
  );
  await tx.runStage.updateMany({
    where: { runId: idsOf(buried), state: { in: ["pending", "running"] } },
    data: { state: "canceled" },
  });
  const logOf = (run: Run, then: string) => ({
    runId: run.id,
    level: "warn",
    message: `The worker of attempt ${run.attempt} is gone. Nothing of what it did is visible; ${then}.`,
  });
  await tx.runLog.createMany({
    data: [
      ...revived.map((run) => logOf(run, "the run begins again")),
      ...buried.map((run) => logOf(run, "the run is canceled, as it was asked to be")),
    ],
  });
  await enqueueAll(
    tx,
    "run",
    revived.map((run) => ({ runId: run.id })),
  );
  for (const run of buried) await postRunEvent(tx, run, "end");
  return others.length;
}

/**
 * Running runs whose worker has not said for so many seconds that it lives, locked until commit. One that said so later than now did so
 * before the clock was set back, and not since.
 */
async function lockDeadRuns(tx: Transaction, seconds: number): Promise<Run[]> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Run"
    WHERE "state" = 'running'
      AND ("heartbeatAt" IS NULL OR "heartbeatAt" < (now() AT TIME ZONE 'utc') - make_interval(secs => ${seconds})
        OR "heartbeatAt" > (now() AT TIME ZONE 'utc') + make_interval(secs => ${DEAD_AFTER_SECONDS}))
    ORDER BY "id" FOR UPDATE`;
  return tx.run.findMany({ where: { id: { in: locked.map((run) => run.id) } }, orderBy: { id: "asc" } });
}

async function giveUp(tx: Transaction, run: Run): Promise<void> {
  const message = `The workers of ${run.deaths + 1} attempts ended before the run did, so it is not tried again. The server's log may say why: too little memory is the usual reason.`;
  await recordEnd(tx, run, { state: "failed", error: { code: "unexpected", message } }, "giveUp");
}

/** The database's clock in UTC, so that workers on several machines agree. */
async function databaseNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT now() AT TIME ZONE 'utc' AS "now"`;
  return (row as { now: Date }).now;
}

/** Runs that have waited for a while: a job was lost where none waits with them. */
function waitingRuns(tx: Transaction): Promise<{ runId: string }[]> {
  return tx.$queryRaw<{ runId: string }[]>`
    SELECT "id" AS "runId" FROM "Run"
    WHERE "state" = 'queued'
      AND "updatedAt" < (now() AT TIME ZONE 'utc') - make_interval(secs => ${LOST_AFTER_SECONDS})
    ORDER BY "id"`;
}
