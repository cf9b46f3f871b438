import { prisma } from "@/lib/db/client";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Removes what was delivered or given up so many days ago, so that the outbox does not grow for ever. What waits stays.
 * @returns how many
 */
export async function sweepMessages(days: number, now: Date): Promise<number> {
  const { count } = await prisma().outboxMessage.deleteMany({
    where: { state: { in: ["sent", "failed"] }, createdAt: { lt: new Date(now.getTime() - days * DAY_MS) } },
  });
  return count;
}
