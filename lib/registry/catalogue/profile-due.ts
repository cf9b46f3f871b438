import type { Transaction } from "@/lib/db/client";
import { enqueueAll } from "@/lib/db/queue";

/**
 * Has sources read when the worker has nothing else to do: their newest versions are recorded, profiled and go online with the
 * views that have their columns. Of one that waits already there is nothing to do. Await `openQueue()` before the transaction begins.
 */
export async function queueProfiles(tx: Transaction, workspaceId: string, sources: readonly string[]): Promise<void> {
  // In one order, so that nobody waits for who waits for them.
  const jobs = [...new Set(sources)].sort().map((source) => ({ workspaceId, source }));
  await enqueueAll(tx, "profile-source", jobs);
}
