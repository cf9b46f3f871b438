import type { BackfillDetail, BackfillState } from "@/lib/contracts/backfills";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { RunState } from "@/lib/contracts/runs";
import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { cancelBackfillsOf } from "./backfill-cancel";
import { BACKFILL, secondsOf, stateOfChunk, toBackfill } from "./backfill-row";
import { openDeployment } from "./row";
import { recordEvent } from "../record-event";
import type { Scope } from "../scope";

export interface BackfillAddress {
  workspace: string;
  /** The deployment's. */
  name: string;
  backfillId: string;
}

/** A back-fill with its chunks. Throws `not_found`. */
export async function getBackfill(principal: Principal, address: BackfillAddress): Promise<BackfillDetail> {
  const { scope, deployment } = await openDeployment(principal, address.workspace, address.name, "workspace:read");
  const row = await prisma().backfill.findFirst({
    where: { id: address.backfillId, job: { deploymentId: deployment.id } },
    include: { ...BACKFILL, job: { select: { kind: true } } },
  });
  if (!row) throw unknown(address);
  const nameOf = await actorNames([row.createdBy]);
  const permissions = { live: deployment.state !== "retired", may: can(scope.actor.roles, "run:start") };
  return {
    ...toBackfill(row, row.job.kind as JobKind, nameOf, permissions),
    deployment: deployment.name,
    chunkList: row.chunks.map((chunk) => ({
      position: chunk.position,
      from: chunk.rangeFrom.toISOString(),
      to: chunk.rangeTo.toISOString(),
      state: stateOfChunk(chunk),
      run: chunk.run && {
        id: chunk.run.id,
        number: chunk.run.number,
        state: chunk.run.state as RunState,
        progress: chunk.run.progress,
        message: chunk.run.message,
        rows: chunk.run.rows === null ? null : Number(chunk.run.rows),
        seconds: secondsOf(chunk.run),
        modelVersion: chunk.run.scoredWith?.version ?? null,
      },
    })),
  };
}

/** Begins no further chunk. Throws `conflict` unless it is running. */
export async function pauseBackfill(principal: Principal, address: BackfillAddress): Promise<void> {
  await change(principal, address, "pause", ["running"], async (tx, id) => {
    await tx.backfill.update({ where: { id }, data: { state: "paused" } });
  });
}

/** Goes on with the chunks that are not done. Throws `conflict` unless it is paused. */
export async function resumeBackfill(principal: Principal, address: BackfillAddress): Promise<void> {
  await change(principal, address, "resume", ["paused"], async (tx, id) => {
    await tx.backfill.update({ where: { id }, data: { state: "running" } });
  });
}

/** Ends it; what is done stays. Throws `conflict` when it has ended. */
export async function cancelBackfill(principal: Principal, address: BackfillAddress): Promise<void> {
  await change(principal, address, "cancel", ["running", "paused"], (tx, id) => cancelBackfillsOf(tx, { id }));
}

/** Computes failed chunks again, and those that were left; never those that are done. Throws `conflict` unless it failed. */
export async function retryBackfill(principal: Principal, address: BackfillAddress): Promise<void> {
  await change(principal, address, "retry", ["failed"], async (tx, id, jobId) => {
    await assertAlone(tx, jobId);
    await tx.backfillChunk.updateMany({ where: { backfillId: id, state: "failed" }, data: { state: "pending" } });
    await tx.backfill.update({ where: { id }, data: { state: "running", finishedAt: null } });
  });
}

/** Throws `conflict` naming the job's back-fill that has not ended: two would compute each other's rows. */
export async function assertAlone(tx: Transaction, jobId: string): Promise<void> {
  const other = await tx.backfill.findFirst({
    where: { jobId, state: { in: ["running", "paused"] } },
    select: { id: true, state: true, rangeFrom: true, rangeTo: true },
  });
  if (!other) return;
  const [from, to] = [other.rangeFrom, other.rangeTo].map((at) => at.toISOString());
  throw new DomainError(
    "conflict",
    `A back-fill of this job from ${from} to ${to} is ${other.state}. Wait for its end, or cancel it first.`,
    { backfillId: other.id },
  );
}

function unknown({ name, backfillId }: BackfillAddress): DomainError {
  return new DomainError("not_found", `Deployment ${name} has no back-fill ${backfillId}.`);
}

async function change(
  principal: Principal,
  address: BackfillAddress,
  verb: "pause" | "resume" | "cancel" | "retry",
  from: BackfillState[],
  apply: (tx: Transaction, id: string, jobId: string) => Promise<void>,
): Promise<void> {
  const { scope, deployment } = await openDeployment(principal, address.workspace, address.name, "run:start");
  await prisma().$transaction(async (tx) => {
    const [job] = await tx.$queryRaw<{ id: string }[]>`
      SELECT j."id" FROM "DeploymentJob" j JOIN "Backfill" b ON b."jobId" = j."id"
      WHERE b."id" = ${address.backfillId} AND j."deploymentId" = ${deployment.id} FOR UPDATE OF j`;
    if (!job) throw unknown(address);
    const { state } = await lockBackfill(tx, address.backfillId);
    if (!from.includes(state))
      throw new DomainError(
        "conflict",
        `The back-fill is ${state}: only one that is ${from.join(" or ")} can be ${PAST[verb]}.`,
        { state },
      );
    if (verb !== "cancel" && deployment.state === "retired")
      throw new DomainError("conflict", `Deployment ${deployment.name} is retired: its jobs no longer run.`);
    await apply(tx, address.backfillId, job.id);
    await recordBackfillEvent(tx, scope, deployment.name, `backfill.${verb}`, {
      before: { state },
      after: { backfill: address.backfillId },
    });
  });
}

const PAST = { pause: "paused", resume: "resumed", cancel: "canceled", retry: "retried" } as const;

/** The back-fill's state, locked until the transaction ends. */
async function lockBackfill(tx: Transaction, id: string): Promise<{ state: BackfillState }> {
  const [row] = await tx.$queryRaw<{ state: BackfillState }[]>`
    SELECT "state" FROM "Backfill" WHERE "id" = ${id} FOR UPDATE`;
  return row ?? { state: "canceled" };
}

export function recordBackfillEvent(
  tx: Transaction,
  scope: Scope,
  deployment: string,
  action: string,
  event: { before?: unknown; after?: unknown },
): Promise<void> {
  return recordEvent(tx, scope, { action, object: `deployment/${deployment}`, ...event });
}
