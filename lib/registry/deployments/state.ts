import type { DeploymentState, EditDeployment } from "@/lib/contracts/deployments";
import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { cancelBackfillsOf } from "./backfill-cancel";
import { parseSchedules, parseTriggers } from "./create";
import { setTriggers } from "./new-data";
import { type DeploymentRow, lockDeployment, openDeployment } from "./row";
import { nextTime } from "@/lib/domain/schedule/schedule";
import { recordEvent } from "../record-event";
import { paramsOf } from "../stored-json";
import type { Scope } from "../scope";
import { ACTIVE_STATES } from "@/lib/domain/runs/run-states";
import { cancelRuns } from "../runs/cancel";

interface Named {
  workspace: string;
  name: string;
}

/** Stops schedules and back-fills; what runs goes on to its end. Throws `conflict` unless it is active. */
export async function pauseDeployment(principal: Principal, { workspace, name }: Named): Promise<void> {
  await changeState(principal, { workspace, name }, "active", async (tx, { id }, scope) => {
    await tx.deployment.update({ where: { id }, data: { state: "paused", updatedBy: scope.actor.id } });
    await tx.deploymentJob.updateMany({ where: { deploymentId: id }, data: { nextRunAt: null } });
    return { action: "deployment.pause", after: { state: "paused" } };
  });
}

/** Starts the schedules again at their next time from `now`; what was missed is not made up for. Throws `conflict` unless it is paused. */
export async function resumeDeployment(
  principal: Principal,
  { workspace, name }: Named,
  now = new Date(),
): Promise<void> {
  await changeState(principal, { workspace, name }, "paused", async (tx, { id }, scope) => {
    await tx.deployment.update({ where: { id }, data: { state: "active", updatedBy: scope.actor.id } });
    for (const job of await tx.deploymentJob.findMany({ where: { deploymentId: id, schedule: { not: null } } }))
      await tx.deploymentJob.update({
        where: { id: job.id },
        data: { nextRunAt: nextTime(job.schedule as string, now) },
      });
    return { action: "deployment.resume", after: { state: "active" } };
  });
}

/**
 * Ends a deployment for good: no schedule, no back-fill; what waits is canceled and what runs is asked to stop. Its variant
 * can be deployed again. Throws `conflict` when it is retired already, or an arm of an A/B test that runs.
 */
export async function retireDeployment(principal: Principal, { workspace, name }: Named): Promise<void> {
  await changeState(principal, { workspace, name }, null, async (tx, { id }, scope) => {
    const arm = await tx.abArm.findFirst({
      where: { deploymentId: id, abTest: { state: "running" } },
      select: { abTest: { select: { name: true } } },
    });
    if (arm)
      throw new DomainError(
        "conflict",
        `Deployment ${name} is an arm of the A/B test ${arm.abTest.name}, which is still running. Close the test first.`,
        { abTest: arm.abTest.name },
      );
    const now = new Date();
    await tx.deployment.update({
      where: { id },
      data: { state: "retired", openKey: null, retiredAt: now, updatedBy: scope.actor.id },
    });
    await tx.deploymentJob.updateMany({ where: { deploymentId: id }, data: { nextRunAt: null } });
    await cancelBackfillsOf(tx, { job: { deploymentId: id } });
    await cancelRunsOf(tx, id);
    return { action: "deployment.retire", after: { state: "retired" } };
  });
}

/** Changes schedules, what new data begin, and description. Throws `invalid` for a schedule that cannot be kept, `conflict` when it is retired. */
export async function editDeployment(
  principal: Principal,
  { workspace, name }: Named,
  { schedules: asked, onNewData, description }: EditDeployment,
  now = new Date(),
): Promise<void> {
  const schedules = parseSchedules(asked);
  const triggers = parseTriggers(onNewData);
  await changeState(principal, { workspace, name }, null, async (tx, row, scope) => {
    const jobs = await tx.deploymentJob.findMany({ where: { deploymentId: row.id } });
    for (const job of jobs) {
      const schedule = schedules.get(job.kind as "fit");
      if (schedule === undefined || schedule === job.schedule) continue;
      const nextRunAt = schedule !== null && row.state === "active" ? nextTime(schedule, now) : null;
      await tx.deploymentJob.update({
        where: { id: job.id },
        data: { schedule, nextRunAt, updatedBy: scope.actor.id },
      });
    }
    await setTriggers(tx, scope, { ...row, params: paramsOf(row) }, triggers);
    if (description !== undefined)
      await tx.deployment.update({ where: { id: row.id }, data: { description, updatedBy: scope.actor.id } });
    return {
      action: "deployment.edit",
      before: {
        ...(description !== undefined && { description: row.description }),
        ...(schedules.size > 0 && {
          schedules: Object.fromEntries(
            jobs.filter((job) => schedules.has(job.kind as "fit")).map((job) => [job.kind, job.schedule]),
          ),
        }),
        ...(triggers.size > 0 && {
          onNewData: Object.fromEntries(
            jobs.filter((job) => triggers.has(job.kind as "fit")).map((job) => [job.kind, job.onNewData]),
          ),
        }),
      },
      after: {
        ...(description !== undefined && { description }),
        ...(schedules.size > 0 && { schedules: Object.fromEntries(schedules) }),
        ...(triggers.size > 0 && { onNewData: Object.fromEntries(triggers) }),
      },
    };
  });
}

/** @param from the state that it must be in; null for any in which it still lives */
async function changeState(
  principal: Principal,
  { workspace, name }: Named,
  from: DeploymentState | null,
  change: (
    tx: Transaction,
    row: DeploymentRow,
    scope: Scope,
  ) => Promise<{ action: string; before?: object; after: object }>,
): Promise<void> {
  const { scope, deployment } = await openDeployment(principal, workspace, name, "deployment:edit");
  await prisma().$transaction(async (tx) => {
    const state = await lockDeployment(tx, deployment.id);
    if (state === "retired")
      throw new DomainError("conflict", `Deployment ${name} is retired: nothing about it changes any more.`, { state });
    if (from !== null && state !== from)
      throw new DomainError("conflict", `Deployment ${name} is ${state}, not ${from}.`, { state });
    const event = await change(tx, { ...deployment, state }, scope);
    await recordEvent(tx, scope, { object: `deployment/${name}`, before: { state }, ...event });
  });
}

async function cancelRunsOf(tx: Transaction, deploymentId: string): Promise<void> {
  const runs = await tx.run.findMany({
    where: { job: { deploymentId }, state: { in: [...ACTIVE_STATES] } },
    select: { id: true },
  });
  await cancelRuns(
    tx,
    runs.map((run) => run.id),
    { withdrawn: "Its deployment was retired.", stopping: "Stopping: its deployment was retired." },
  );
}
