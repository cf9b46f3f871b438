import { afterNewest } from "@/lib/domain/instant";
import type { Transaction } from "./client";
import type { Prisma } from "./generated/client";

/** How a message leaves. */
export type Channel = "openlineage" | "webhook" | "email" | "mlflow";

export interface Message {
  workspaceId: string;
  channel: Channel;
  /** Where it goes: an address of the channel. */
  target: string;
  /** What it is about, such as `run/12`: messages about one thing to one target are delivered in order. */
  object: string;
  payload: object;
  /** The notification channel that it goes through. */
  channelId?: string;
}

/** Writes messages in the transaction of their cause: they exist if and only if the change does. A worker delivers them later. */
export async function postMessages(tx: Transaction, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const now = new Date();
  // Those that wait since before the clock was set back were told first, and leave first.
  const newest = await tx.outboxMessage.findFirst({
    where: { state: "pending", createdAt: { gt: now } },
    orderBy: { createdAt: "desc" },
    select: { createdAt: true },
  });
  await tx.outboxMessage.createMany({
    data: messages.map((message) => ({
      ...message,
      payload: message.payload as Prisma.InputJsonObject,
      ...(newest && { createdAt: afterNewest(newest.createdAt, now) }),
    })),
  });
}

export const postMessage = (tx: Transaction, message: Message): Promise<void> => postMessages(tx, [message]);
