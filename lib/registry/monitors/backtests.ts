import type { z } from "zod";
import type { startBacktest as contract, Backtest } from "@/lib/contracts/monitors";
import { prisma, type Transaction } from "@/lib/db/client";
import type { MonitorBacktest as Row } from "@/lib/db/generated/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { openMonitor } from "./row";
import { recordEvent } from "../record-event";

/** Asks for a check of the whole history, or a range. Throws `conflict` while another one has not ended. */
export async function startBacktest(
  principal: Principal,
  name: string,
  request: z.output<(typeof contract)["body"]>,
): Promise<Backtest> {
  const { scope, row } = await openMonitor(principal, request.workspace, name, "monitor:edit");
  const { from, to } = request;
  if (from && to && Date.parse(from) >= Date.parse(to))
    throw new DomainError("invalid", `The range ends before it begins: ${from} to ${to}.`, {
      issues: [{ path: ["to"], message: "expected an instant after `from`", found: to }],
    });
  await openQueue();
  const backtest = await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`backtest:${row.id}`}, 0))`;
    const unfinished = await tx.monitorBacktest.count({
      where: { monitorId: row.id, state: { in: ["queued", "running"] } },
    });
    if (unfinished > 0)
      throw new DomainError(
        "conflict",
        `Monitor \`${name}\` is being checked over its history already. Wait until it has ended.`,
      );
    const made = await queueBacktest(tx, row.id, scope.actor.id, { from, to });
    await recordEvent(tx, scope, {
      action: "monitor.backfill",
      object: `monitor/${name}`,
      after: { from: from ?? null, to: to ?? null },
    });
    return made;
  });
  return toBacktest(backtest);
}

/** A backtest and its job, together or not at all. Await `openQueue()` before the transaction begins. */
export async function queueBacktest(
  tx: Transaction,
  monitorId: string,
  requestedBy: string,
  { from, to }: { from?: string | undefined; to?: string | undefined } = {},
): Promise<Row> {
  const backtest = await tx.monitorBacktest.create({
    data: {
      monitorId,
      requestedBy,
      rangeFrom: from ? new Date(from) : null,
      rangeTo: to ? new Date(to) : null,
    },
  });
  await enqueue(tx, "backtest", { backtestId: backtest.id });
  return backtest;
}

export async function newestBacktest(monitorId: string): Promise<Backtest | null> {
  const backtest = await prisma().monitorBacktest.findFirst({
    where: { monitorId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return backtest && toBacktest(backtest);
}

async function toBacktest(row: Row): Promise<Backtest> {
  const nameOf = await actorNames([row.requestedBy]);
  return {
    id: row.id,
    state: row.state as Backtest["state"],
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
