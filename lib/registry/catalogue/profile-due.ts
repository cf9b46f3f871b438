import type { Transaction } from "@/lib/db/client";
import { enqueue } from "@/lib/db/queue";

/**
 * Has a source read when the worker has nothing else to do: its newest version is recorded, profiled and goes online with the
 * views that have its columns. Does nothing while that waits already. Await `openQueue()` before the transaction begins.
 */
export async function queueSourceProfile(tx: Transaction, workspaceId: string, source: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`profile-source:${workspaceId}:${source}`}, 0))`;
  const waiting = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM pgboss.job WHERE name = 'profile-source' AND state IN ('created', 'retry')
      AND data->>'workspaceId' = ${workspaceId} AND data->>'source' = ${source} LIMIT 1`;
  if (waiting.length === 0) await enqueue(tx, "profile-source", { workspaceId, source });
}
