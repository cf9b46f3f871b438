import type { z } from "zod";
import type { Delivery, listDeliveries as listContract } from "@/lib/contracts/notifications";
import { prisma } from "@/lib/db/client";
import { postMessages } from "@/lib/db/outbox";
import type { OutboxMessage } from "@/lib/db/generated/client";
import { TEST_EVENT } from "@/lib/domain/notifications/channel-events";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { messagesOf } from "./announce";
import { findChannel } from "./channels";
import { recordEvent } from "../record-event";
import { idOf } from "../paging";
import { openScopeFor } from "../scope";
import { noticeOf } from "../stored-json";

/** The delivery log of a channel, newest first. */
export async function listDeliveries(
  principal: Principal,
  name: string,
  { workspace, state, limit, cursor }: z.output<(typeof listContract)["query"]>,
): Promise<{ items: Delivery[]; total: number; nextCursor: string | null }> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  const channel = await findChannel(prisma(), scope, name);
  const where = { channelId: channel.id, ...(state !== "all" && { state }) };
  const rows = await prisma().outboxMessage.findMany({
    // Ids are UUIDs of version 7: they sort by time.
    where: { ...where, ...(cursor !== undefined && { id: { lt: idOf(cursor) } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return {
    items: page.map(toDelivery),
    total: await prisma().outboxMessage.count({ where }),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Writes a test message for every address of the channel. Throws `conflict` while the channel is paused. */
export async function testChannel(principal: Principal, workspace: string, name: string): Promise<Delivery[]> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  return prisma().$transaction(async (tx) => {
    const channel = await findChannel(tx, scope, name);
    if (!channel.active)
      throw new DomainError("conflict", `Channel \`${name}\` is paused: nothing is sent through it. Resume it first.`);
    const since = await tx.outboxMessage.findFirst({
      where: { channelId: channel.id },
      orderBy: { id: "desc" },
      select: { id: true },
    });
    await postMessages(
      tx,
      messagesOf(
        scope.workspace.id,
        { ...channel, workspace: scope.workspace.name },
        {
          event: TEST_EVENT,
          object: `channel/${name}`,
          path: `/settings?tab=notifications&channel=${name}`,
          summary: `A test of channel ${name}, asked for by ${scope.actor.name}.`,
          data: { channel: name, events: channel.events },
        },
      ),
    );
    await recordEvent(tx, scope, { action: "channel.test", object: `channel/${name}` });
    const rows = await tx.outboxMessage.findMany({
      where: { channelId: channel.id, ...(since && { id: { gt: since.id } }) },
      orderBy: { id: "asc" },
    });
    return rows.map(toDelivery);
  });
}

/** Puts a message in line again, with the same id, to where the channel is now. */
export async function redeliver(
  principal: Principal,
  { workspace, name, id }: { workspace: string; name: string; id: string },
): Promise<Delivery> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  return prisma().$transaction(async (tx) => {
    const channel = await findChannel(tx, scope, name);
    const found = await tx.outboxMessage.findFirst({ where: { id, channelId: channel.id } });
    if (!found)
      throw new DomainError(
        "not_found",
        `Channel \`${name}\` has no message ${id} any more. Its delivery log lists those that can be sent again.`,
      );
    if (!channel.active)
      throw new DomainError("conflict", `Channel \`${name}\` is paused: nothing is sent through it. Resume it first.`);
    const row = await tx.outboxMessage.update({
      where: { id },
      data: {
        state: "pending",
        attempts: 0,
        nextAttemptAt: new Date(),
        lastError: null,
        sentAt: null,
        ...(channel.kind === "webhook" && { target: channel.target }),
      },
    });
    await recordEvent(tx, scope, { action: "channel.redeliver", object: `channel/${name}`, after: { delivery: id } });
    return toDelivery(row);
  });
}

function toDelivery(row: OutboxMessage): Delivery {
  const { event, summary } = noticeOf(row.payload);
  return {
    id: row.id,
    event,
    object: row.object,
    summary,
    target: row.target,
    state: row.state as Delivery["state"],
    attempts: row.attempts,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null,
  };
}
