import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { describeJob } from "./row";
import { nextTime } from "@/lib/domain/schedule/schedule";
import { activeRun, queueJobRun } from "./jobs";
import { systemScope } from "../scope";

/** What became of a job that was due. */
export interface DueJob {
  workspace: string;
  deployment: string;
  kind: JobKind;
  /** The run that was started, or the one that is still going. */
  outcome: { started: string } | { skipped: number } | { failed: string };
}

/**
 * Starts every job whose time has come, each in a transaction of its own that also sets its next time: with any number of
 * callers a job starts once, and times that were missed count as one. A job whose previous run is still going is left out,
 * and that run's log says so.
 */
export async function startDueJobs(now: Date): Promise<DueJob[]> {
  if ((await prisma().deploymentJob.count({ where: { nextRunAt: { lte: now } } })) === 0) return [];
  await openQueue();
  const due: DueJob[] = [];
  for (;;) {
    const one = await startOne(now);
    if (!one) return due;
    due.push(one);
  }
}

async function startOne(now: Date): Promise<DueJob | null> {
  let claimed: { id: string; schedule: string } | undefined;
  try {
    return await prisma().$transaction(async (tx) => {
      // Whoever finds the row locked leaves it to whoever holds it.
      [claimed] = await tx.$queryRaw<{ id: string; schedule: string }[]>`
        SELECT j."id", j."schedule" FROM "DeploymentJob" j JOIN "Deployment" d ON d."id" = j."deploymentId"
        JOIN "Workspace" w ON w."id" = d."workspaceId" AND w."archivedAt" IS NULL
        WHERE j."nextRunAt" <= ${now}::timestamptz AT TIME ZONE 'utc' AND j."schedule" IS NOT NULL AND d."state" = 'active'
        ORDER BY j."nextRunAt", j."id" LIMIT 1 FOR UPDATE OF j SKIP LOCKED`;
      if (!claimed) return null;
      const job = await tx.deploymentJob.update({
        where: { id: claimed.id },
        data: { nextRunAt: nextTime(claimed.schedule, now) },
        include: { deployment: { include: { workspace: { select: { id: true, name: true } } } } },
      });
      const { deployment } = job;
      const kind = job.kind as JobKind;
      const about = { workspace: deployment.workspace.name, deployment: deployment.name, kind };
      const going = await activeRun(tx, job.id);
      if (going) {
        await tx.runLog.create({
          data: {
            runId: going.id,
            level: "warn",
            message: `The schedule \`${job.schedule}\` asked for the next run of ${describeJob(kind)} at ${now.toISOString()}; it is skipped, because this run is still ${going.state}.`,
          },
        });
        return { ...about, outcome: { skipped: going.number } };
      }
      const scope = systemScope(deployment.workspace);
      return { ...about, outcome: { started: await queueJobRun(tx, scope, deployment, { id: job.id, kind }) } };
    });
  } catch (error) {
    // One job that cannot be started must not hold up the others, nor be tried again every second.
    if (!claimed) throw error;
    return postpone(claimed, now, error);
  }
}

async function postpone(job: { id: string; schedule: string }, now: Date, error: unknown): Promise<DueJob> {
  const row = await prisma().deploymentJob.update({
    where: { id: job.id },
    data: { nextRunAt: nextTime(job.schedule, now) },
    include: { deployment: { include: { workspace: { select: { name: true } } } } },
  });
  return {
    workspace: row.deployment.workspace.name,
    deployment: row.deployment.name,
    kind: row.kind as JobKind,
    outcome: { failed: error instanceof Error ? error.message : String(error) },
  };
}
