import type { z } from "zod";
import type { MonitorDetail, resetBaseline as contract } from "@/lib/contracts/monitors";
import { prisma, type Transaction } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { queueBacktest } from "./backtests";
import { monitorOf, openMonitor } from "./row";
import { getMonitor } from "./monitors";
import { recordEvent } from "../record-event";
import { type Baseline, baselineOf } from "./effective-definition";
import { asJson } from "../stored-json";

/**
 * Lets the monitor compare with another reference, or again with its definition's. What was alarming against the old one is
 * resolved with the reason, and a job judges history anew. Throws `conflict` when there is nothing to go back from.
 */
export async function resetBaseline(
  principal: Principal,
  name: string,
  { workspace, reference, reason }: z.output<(typeof contract)["body"]>,
): Promise<MonitorDetail> {
  const { scope, row } = await openMonitor(principal, workspace, name, "monitor:edit");
  if (reference && "window" in reference && Date.parse(reference.window[0]) >= Date.parse(reference.window[1]))
    throw new DomainError("invalid", "The baseline's window ends before it begins.", {
      issues: [{ path: ["reference", "window"], message: "expected [from, to) with from before to" }],
    });
  await openQueue();
  await prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`monitor:${row.id}`}, 0))`;
    const before = baselineOf(
      await tx.monitor.findUniqueOrThrow({ where: { id: row.id }, select: { baseline: true } }),
    );
    if (!reference && !before)
      throw new DomainError("conflict", `Monitor \`${name}\` compares with its definition's reference already.`);
    const after: Baseline | null = reference && {
      reference,
      reason,
      at: new Date().toISOString(),
      by: scope.actor.id,
    };
    await tx.monitor.update({
      where: { id: row.id },
      data: { baseline: after ? asJson(after) : Prisma.DbNull },
    });
    const resolved = await resolveAlerts(tx, row.id, scope.actor.id, `The baseline was reset: ${reason}`);
    // What was judged against the old reference would stand beside what is judged against the new one.
    await tx.monitorVerdict.updateMany({
      where: { monitorId: row.id, supersededAt: null },
      data: { supersededAt: new Date() },
    });
    await queueBacktest(tx, row.id, scope.actor.id);
    await recordEvent(tx, scope, {
      action: "monitor.baseline",
      object: `monitor/${name}`,
      before: { reference: before?.reference ?? monitorOf(row).reference },
      after: { reference: reference ?? monitorOf(row).reference, reason, resolved },
    });
  });
  return getMonitor(principal, workspace, name);
}

/** @returns how many */
async function resolveAlerts(tx: Transaction, monitorId: string, actor: string, comment: string): Promise<number> {
  const live = await tx.alert.findMany({ where: { monitorId, liveKey: { not: null } }, select: { id: true } });
  await tx.alert.updateMany({
    where: { id: { in: live.map(({ id }) => id) } },
    data: { state: "resolved", liveKey: null, resolvedAt: new Date(), snoozedUntil: null },
  });
  await tx.alertEvent.createMany({ data: live.map(({ id }) => ({ alertId: id, action: "resolved", actor, comment })) });
  return live.length;
}
