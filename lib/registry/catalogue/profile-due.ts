import type { Transaction } from "@/lib/db/client";
import { enqueue } from "@/lib/db/queue";

/**
 * Has a source read when the worker has nothing else to do: its newest version is recorded, profiled and goes online with the
 * views that have its columns. Does nothing while that waits already. Await `openQueue()` before the transaction begins.
 */
export async function queueSourceProfile(tx: Transaction, workspaceId: string, source: string): Promise<void> {
  await enqueue(tx, "profile-source", { workspaceId, source });
}
