import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type {
  CreateChannel,
  NotificationChannel,
  RevealedChannel,
  updateChannel as updateContract,
} from "@/lib/contracts/notifications";
import { type Transaction, prisma } from "@/lib/db/client";
import type { NotificationChannel as Row } from "@/lib/db/generated/client";
import type { ChannelEvent } from "@/lib/domain/notifications/channel-events";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { newChannelSecret, sealSecret } from "./channel-secret";
import { checkTarget, describeTarget } from "./channel-target";
import { recordEvent } from "../record-event";
import { openScopeFor, type Scope } from "../scope";

/** The channels of a workspace by name. */
export async function listChannels(principal: Principal, workspace: string): Promise<NotificationChannel[]> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  const rows = await prisma().notificationChannel.findMany({
    where: { workspaceId: scope.workspace.id },
    orderBy: { name: "asc" },
  });
  return toChannels(rows);
}

export async function getChannel(principal: Principal, workspace: string, name: string): Promise<NotificationChannel> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  return toChannel(await findChannel(prisma(), scope, name));
}

/** Throws `conflict` when the name is taken, and `invalid` when the target is nothing that this server can reach. */
export async function createChannel(
  principal: Principal,
  { workspace, name, kind, target, format, events }: z.output<typeof CreateChannel>,
): Promise<RevealedChannel> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  const id = randomUUID();
  const secret = kind === "webhook" ? newChannelSecret() : null;
  const data = { kind, target: checkTarget(kind, target), format, events: [...new Set(events)] };
  const row = await prisma().$transaction(async (tx) => {
    const [row] = await tx.notificationChannel.createManyAndReturn({
      data: {
        id,
        workspaceId: scope.workspace.id,
        name,
        ...data,
        secret: secret && sealSecret(secret, id),
        createdBy: scope.actor.id,
        updatedBy: scope.actor.id,
      },
      skipDuplicates: true,
    });
    if (!row)
      throw new DomainError(
        "conflict",
        `There is a channel \`${name}\` already. Choose another name, or change that one.`,
      );
    await recordEvent(tx, scope, { action: "channel.create", object: `channel/${name}`, after: summaryOf(row) });
    return row;
  });
  return { channel: await toChannel(row), secret };
}

export async function updateChannel(
  principal: Principal,
  name: string,
  { workspace, target, ...change }: z.output<(typeof updateContract)["body"]>,
): Promise<NotificationChannel> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  const row = await prisma().$transaction(async (tx) => {
    const before = await findChannel(tx, scope, name);
    const kept = target === undefined ? before.target : checkTarget(before.kind, target);
    const row = await tx.notificationChannel.update({
      where: { id: before.id },
      data: {
        ...change,
        ...(change.events && { events: [...new Set(change.events)] }),
        target: kept,
        updatedBy: scope.actor.id,
      },
    });
    if (kept !== before.target) await redirect(tx, row);
    await recordEvent(tx, scope, {
      action: "channel.update",
      object: `channel/${name}`,
      before: summaryOf(before),
      after: { ...summaryOf(row), ...(kept !== before.target && { targetChanged: true }) },
    });
    return row;
  });
  return toChannel(row);
}

/** What waits goes where the channel is now; what waits for an address that is none of its any more is given up. */
async function redirect(tx: Transaction, { id, kind, target }: Row): Promise<void> {
  const where = { channelId: id, state: "pending" };
  if (kind === "webhook") {
    await tx.outboxMessage.updateMany({ where, data: { target } });
    return;
  }
  await tx.outboxMessage.updateMany({
    where: { ...where, target: { notIn: target.split(",") } },
    data: { state: "failed", nextAttemptAt: null, lastError: "The address was taken off the channel." },
  });
}

/** Removes a channel; its messages stay in the outbox until they are swept, without a channel. */
export async function deleteChannel(
  principal: Principal,
  workspace: string,
  name: string,
): Promise<NotificationChannel> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  const channel = await getChannel(principal, workspace, name);
  await prisma().$transaction(async (tx) => {
    const { id } = await findChannel(tx, scope, name);
    // Waits for whoever is writing a message for it, and keeps the next one off.
    await tx.$executeRaw`SELECT 1 FROM "NotificationChannel" WHERE "id" = ${id} FOR UPDATE`;
    const row = await findChannel(tx, scope, name);
    await tx.outboxMessage.updateMany({
      where: { channelId: id, state: "pending" },
      data: { state: "failed", nextAttemptAt: null, lastError: "The channel was deleted." },
    });
    await tx.notificationChannel.delete({ where: { id } });
    await recordEvent(tx, scope, { action: "channel.delete", object: `channel/${name}`, before: summaryOf(row) });
  });
  return channel;
}

/** Throws `invalid` for a channel that has nothing to sign. */
export async function rotateSecret(principal: Principal, workspace: string, name: string): Promise<RevealedChannel> {
  const scope = await openScopeFor(principal, workspace, "channel:manage");
  const secret = newChannelSecret();
  const row = await prisma().$transaction(async (tx) => {
    const { id, kind } = await findChannel(tx, scope, name);
    if (kind !== "webhook")
      throw new DomainError("invalid", `Channel \`${name}\` sends e-mail, which is not signed: it has no secret.`);
    const row = await tx.notificationChannel.update({
      where: { id },
      data: { secret: sealSecret(secret, id), updatedBy: scope.actor.id },
    });
    await recordEvent(tx, scope, { action: "channel.rotate", object: `channel/${name}` });
    return row;
  });
  return { channel: await toChannel(row), secret };
}

export async function findChannel(tx: Transaction, scope: Scope, name: string): Promise<Row> {
  const row = await tx.notificationChannel.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!row)
    throw new DomainError(
      "not_found",
      `There is no notification channel \`${name}\` in workspace ${scope.workspace.name}.`,
    );
  return row;
}

function summaryOf({ kind, target, format, events, active }: Row) {
  return { kind, target: describeTarget(kind, target), format, events, active };
}

async function toChannel(row: Row): Promise<NotificationChannel> {
  return (await toChannels([row]))[0] as NotificationChannel;
}

async function toChannels(rows: readonly Row[]): Promise<NotificationChannel[]> {
  const ids = rows.map(({ id }) => id);
  const counts = await prisma().outboxMessage.groupBy({
    by: ["channelId", "state"],
    where: { channelId: { in: ids } },
    _count: true,
    _max: { sentAt: true },
  });
  const errors = await prisma().outboxMessage.findMany({
    where: { channelId: { in: ids }, state: { not: "sent" }, lastError: { not: null } },
    orderBy: { createdAt: "desc" },
    distinct: ["channelId"],
    select: { channelId: true, lastError: true },
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  return rows.map((row) => {
    const figure = (state: string) => counts.find((one) => one.channelId === row.id && one.state === state);
    return {
      name: row.name,
      kind: row.kind === "email" ? "email" : "webhook",
      target: row.target.replaceAll(",", ", "),
      format: row.format === "slack" ? "slack" : "tributary",
      events: row.events as ChannelEvent[],
      active: row.active,
      createdAt: row.createdAt.toISOString(),
      createdBy: nameOf(row.createdBy),
      updatedAt: row.updatedAt.toISOString(),
      waiting: figure("pending")?._count ?? 0,
      failed: figure("failed")?._count ?? 0,
      lastSentAt: figure("sent")?._max.sentAt?.toISOString() ?? null,
      lastError: errors.find((one) => one.channelId === row.id)?.lastError ?? null,
    };
  });
}
