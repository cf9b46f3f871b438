/** Jobs that run when a source that they read has a new version. */
import type { DeploymentJobSummary } from "@/lib/contracts/deployments";
import { prisma, type Transaction } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { loadVariant } from "../plans/load-variant";
import { type Scope, systemScope } from "../scope";
import { paramsOf } from "../stored-json";
import type { Known } from "./facts";
import { activeRun, queueJobRun } from "./jobs";
import type { DeploymentRow } from "./row";
import { sourcesReadBy } from "./use";

/** Source → version. Written by `setTriggers` and `beginOne`. */
const seenOf = (job: { seen: unknown }) => job.seen as Record<string, number>;

interface Deployed extends Pick<DeploymentRow, "id" | "variantId"> {
  params: RunParams;
}

/** Switches jobs on or off: from now on, versions that are newer than those of now begin a run. */
export async function setTriggers(
  tx: Transaction,
  scope: Scope,
  deployment: Deployed,
  triggers: ReadonlyMap<JobKind, boolean>,
): Promise<void> {
  if (triggers.size === 0) return;
  const newest = await newestVersions(tx, scope.workspace.id, deployment);
  for (const [kind, onNewData] of triggers)
    await tx.deploymentJob.updateMany({
      where: { deploymentId: deployment.id, kind, onNewData: !onNewData },
      data: { onNewData, seen: onNewData ? Object.fromEntries(newest) : {}, updatedBy: scope.actor.id },
    });
}

/** Source that the deployment reads → its newest version that is not in quarantine; 0 before the first. */
async function newestVersions(
  tx: Transaction,
  workspaceId: string,
  { variantId, params }: Deployed,
): Promise<Map<string, number>> {
  const variant = await loadVariant(tx, workspaceId, variantId, params);
  const names = sourcesReadBy(variant).map(({ name }) => name);
  const rows = await tx.datasetVersion.groupBy({
    by: ["dataset"],
    where: { workspaceId, dataset: { in: names }, quarantinedAt: null },
    _max: { version: true },
  });
  const newest = new Map(rows.map(({ dataset, _max }) => [dataset, _max.version ?? 0]));
  return new Map(names.map((name) => [name, newest.get(name) ?? 0]));
}

/**
 * Begins every job whose sources have a version that it has not run on; one whose run is still going waits for its end, so that any number
 * of new versions begin one run. @returns how many
 */
export async function startJobsOnNewData(): Promise<number> {
  const due = await prisma().$queryRaw<{ id: string }[]>`
    SELECT j."id" FROM "DeploymentJob" j JOIN "Deployment" d ON d."id" = j."deploymentId"
    JOIN "Workspace" w ON w."id" = d."workspaceId" AND w."archivedAt" IS NULL
    WHERE j."onNewData" AND d."state" = 'active' AND EXISTS (
      SELECT 1 FROM jsonb_each_text(j."seen") AS seen(name, version) JOIN "DatasetVersion" v
      ON v."workspaceId" = d."workspaceId" AND v."dataset" = seen.name AND v."version" > seen.version::int AND v."quarantinedAt" IS NULL
    ) ORDER BY j."id"`;
  if (due.length === 0) return 0;
  await openQueue();
  let begun = 0;
  for (const { id } of due) if (await beginOne(id)) begun += 1;
  return begun;
}

async function beginOne(jobId: string): Promise<boolean> {
  return prisma().$transaction(async (tx) => {
    // Whoever finds the row locked leaves it to whoever holds it.
    const [mine] = await tx.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "DeploymentJob" WHERE "id" = ${jobId} AND "onNewData" FOR UPDATE SKIP LOCKED`;
    if (!mine || (await activeRun(tx, jobId))) return false;
    const job = await tx.deploymentJob.findUniqueOrThrow({
      where: { id: jobId },
      include: { deployment: { include: { workspace: { select: { id: true, name: true } } } } },
    });
    const { deployment } = job;
    const newest = await newestVersions(tx, deployment.workspaceId, { ...deployment, params: paramsOf(deployment) });
    const seen = seenOf(job);
    const isNew = ([source, version]: [string, number]) => version > (seen[source] ?? 0);
    const fresh = [...newest].filter(isNew);
    if (fresh.length === 0) return false;
    await tx.deploymentJob.update({ where: { id: jobId }, data: { seen: Object.fromEntries(newest) } });
    const read = await readByNewestRun(tx, jobId);
    // A run of before, by the clock or by hand, was the first to find them.
    if (fresh.every(([source, version]) => (read.get(source) ?? 0) >= version)) return false;
    const runId = await queueJobRun(tx, systemScope(deployment.workspace), deployment, { id: jobId, kind: job.kind as JobKind }); // prettier-ignore
    const versions = fresh.map(([source, version]) => `${source}@${version}`).join(", ");
    await tx.runLog.create({ data: { runId, level: "info", message: `It runs because of new data: ${versions}.` } });
    return true;
  });
}

/** Source → version that the job's newest run read. */
async function readByNewestRun(tx: Transaction, jobId: string): Promise<Map<string, number>> {
  const run = await tx.run.findFirst({
    where: { jobId, state: "succeeded" },
    orderBy: { createdAt: "desc" },
    select: { inputs: { select: { datasetVersion: { select: { dataset: true, version: true } } } } },
  });
  return new Map((run?.inputs ?? []).map(({ datasetVersion: { dataset, version } }) => [dataset, version]));
}

/** The sources that a job waits for, for its card. */
export function watchedBy(
  job: { seen: unknown },
  { watches }: Pick<Known, "watches">,
): NonNullable<DeploymentJobSummary["onNewData"]> {
  return Object.entries(seenOf(job))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([source, version]) => {
      const watch = watches.get(source);
      return { source, version, readAt: watch?.readAt?.toISOString() ?? null, error: watch?.error ?? null };
    });
}
