import type { z } from "zod";
import type { lookWithMonitor as contract, MonitorLook } from "@/lib/contracts/monitors";
import { prisma, type Transaction } from "@/lib/db/client";
import type { MonitorLook as Row } from "@/lib/db/generated/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { openMonitor } from "./row";
import { recordEvent } from "../record-event";

/** Asks for a look over the whole history, or a range. Throws `conflict` while another one has not ended. */
export async function lookWithMonitor(
  principal: Principal,
  name: string,
  request: z.output<(typeof contract)["body"]>,
): Promise<MonitorLook> {
  const { scope, row } = await openMonitor(principal, request.workspace, name, "monitor:edit");
  const { from, to } = request;
  if (from && to && Date.parse(from) >= Date.parse(to))
    throw new DomainError("invalid", `The range ends before it begins: ${from} to ${to}.`, {
      issues: [{ path: ["to"], message: "expected an instant after `from`", found: to }],
    });
  await openQueue();
  const look = await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`look:${row.id}`}, 0))`;
    const going = await tx.monitorLook.count({ where: { monitorId: row.id, state: { in: ["queued", "running"] } } });
    if (going > 0)
      throw new DomainError(
        "conflict",
        `Monitor \`${name}\` is looking over its history already. Wait until it has ended.`,
      );
    const made = await queueLook(tx, scope.workspace.id, row.id, scope.actor.id, { from, to });
    await recordEvent(tx, scope, {
      action: "monitor.backfill",
      object: `monitor/${name}`,
      after: { from: from ?? null, to: to ?? null },
    });
    return made;
  });
  return toLook(look);
}

/** A look and its job, together or not at all. Await `openQueue()` before the transaction begins. */
export async function queueLook(
  tx: Transaction,
  workspaceId: string,
  monitorId: string,
  requestedBy: string,
  { from, to }: { from?: string | undefined; to?: string | undefined } = {},
): Promise<Row> {
  const look = await tx.monitorLook.create({
    data: {
      monitorId,
      requestedBy,
      rangeFrom: from ? new Date(from) : null,
      rangeTo: to ? new Date(to) : null,
    },
  });
  await enqueue(tx, "look", { workspaceId, lookId: look.id });
  return look;
}

export async function newestLook(monitorId: string): Promise<MonitorLook | null> {
  const look = await prisma().monitorLook.findFirst({
    where: { monitorId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return look && toLook(look);
}

async function toLook(row: Row): Promise<MonitorLook> {
  const nameOf = await actorNames([row.requestedBy]);
  return {
    id: row.id,
    state: row.state as MonitorLook["state"],
    from: row.rangeFrom?.toISOString() ?? null,
    to: row.rangeTo?.toISOString() ?? null,
    done: row.done,
    total: row.total,
    judged: row.judged,
    opened: row.opened,
    resolved: row.resolved,
    error: row.error,
    requestedBy: nameOf(row.requestedBy),
    requestedAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
