import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";

/** How a message leaves. */
export type Channel = "openlineage" | "webhook" | "email";

export interface Message {
  workspaceId: string;
  channel: Channel;
  /** Where it goes: an address of the channel. */
  target: string;
  /** What it is about, such as `run/12`: messages about one thing to one target are delivered in order. */
  object: string;
  payload: object;
}

/** Writes a message in the transaction of its cause: it exists if and only if the change does. A worker delivers it later. */
export async function postMessage(tx: Transaction, message: Message): Promise<void> {
  await tx.outboxMessage.create({ data: { ...message, payload: message.payload as Prisma.InputJsonObject } });
}
