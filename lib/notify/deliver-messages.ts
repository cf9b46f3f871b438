import { prisma } from "@/lib/db/client";
import type { Channel } from "@/lib/db/outbox";

export interface DueMessage {
  id: string;
  channel: Channel;
  target: string;
  object: string;
  payload: unknown;
  /** The notification channel that it goes through; null for OpenLineage, and when the channel was deleted. */
  channelId: string | null;
  /** This one included. */
  attempts: number;
}

/** Sends one message or throws. What it throws is kept with the message; `Undeliverable` is not tried again. */
export type Sender = (message: DueMessage) => Promise<void>;

/** The receiver understood and refuses: the same message will be refused again. */
export class Undeliverable extends Error {
  override readonly name = "Undeliverable";
}

const AT_ONCE = 16;
/** For so long nobody else tries a message that somebody took: longer than a sender may take. */
const LEASE_SECONDS = 60;
/** With the back-off below, a receiver may be away for more than a day. */
const MOST_ATTEMPTS = 32;
const LONGEST_WAIT_SECONDS = 3600;
/** No attempt is put off for longer: a message that waits until later was put off before the clock was set back. */
const PUT_OFF_SECONDS = LONGEST_WAIT_SECONDS + LEASE_SECONDS;
/** MLflow is a copy of what the registry has: it is told however long it was away, and soon after it is back. */
const PATIENCE: Partial<Record<Channel, { attempts: number; seconds: number }>> = {
  mlflow: { attempts: Infinity, seconds: 60 },
};

/** Seconds until the next attempt: 1, 2, 4 … up to an hour. */
export const backOffSeconds = (attempts: number, longest = LONGEST_WAIT_SECONDS): number =>
  Math.min(longest, 2 ** (attempts - 1));

/**
 * Delivers what is due, the oldest message about each thing first: one that waits holds back those after it, so that a receiver sees them
 * in order. What is for a channel that is paused waits. Several workers may do so at once. A worker that dies while it sends leaves a message that is sent again.
 * @returns how many were tried
 */
export async function deliverMessages(senders: Partial<Record<Channel, Sender>>): Promise<number> {
  const due = await prisma().$queryRaw<DueMessage[]>`
    UPDATE "OutboxMessage" SET "attempts" = "attempts" + 1,
      "nextAttemptAt" = (clock_timestamp() AT TIME ZONE 'utc') + make_interval(secs => ${LEASE_SECONDS})
    WHERE "id" IN (
      SELECT m."id" FROM "OutboxMessage" m
      WHERE m."state" = 'pending' AND m."channel" = ANY(${Object.keys(senders)})
        AND (m."nextAttemptAt" <= clock_timestamp() AT TIME ZONE 'utc'
          OR m."nextAttemptAt" > (clock_timestamp() AT TIME ZONE 'utc') + make_interval(secs => ${PUT_OFF_SECONDS}))
        AND NOT EXISTS (
          SELECT 1 FROM "OutboxMessage" o
          WHERE o."state" = 'pending' AND o."workspaceId" = m."workspaceId" AND o."object" = m."object" AND o."channel" = m."channel"
            AND o."target" = m."target" AND (o."createdAt", o."id") < (m."createdAt", m."id"))
        AND NOT EXISTS (SELECT 1 FROM "NotificationChannel" c WHERE c."id" = m."channelId" AND NOT c."active")
      ORDER BY m."nextAttemptAt" LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING "id", "channel", "target", "object", "payload", "channelId", "attempts"`;
  await Promise.all(due.map((message) => deliver(message, senders[message.channel] as Sender)));
  return due.length;
}

async function deliver(message: DueMessage, send: Sender): Promise<void> {
  const where = { id: message.id, state: "pending" };
  try {
    await send(message);
  } catch (error) {
    const { attempts = MOST_ATTEMPTS, seconds } = PATIENCE[message.channel] ?? {};
    const isFinal = error instanceof Undeliverable || message.attempts >= attempts;
    await prisma().outboxMessage.updateMany({
      where,
      data: {
        lastError: (error instanceof Error ? error.message : String(error)).slice(0, 1000),
        state: isFinal ? "failed" : "pending",
        nextAttemptAt: isFinal ? null : new Date(Date.now() + 1000 * backOffSeconds(message.attempts, seconds)),
      },
    });
    return;
  }
  await prisma().outboxMessage.updateMany({
    where,
    data: { state: "sent", sentAt: new Date(), nextAttemptAt: null, lastError: null },
  });
}
