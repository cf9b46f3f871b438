import type { Transaction } from "@/lib/db/client";
import { enqueueAll } from "@/lib/db/queue";

/**
 * Has sources read when the worker has nothing else to do: their newest versions are recorded, profiled and go online with the
 * views that have their columns. Of one that waits already there is nothing to do. Await `openQueue()` before the transaction begins.
 */
export async function queueProfiles(tx: Transaction, workspaceId: string, sources: readonly string[]): Promise<void> {
  if (sources.length === 0) return;
  // In one order, so that nobody waits for who waits for them.
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(hashtextextended('profile-source:' || ${workspaceId} || ':' || s, 0))
    FROM (SELECT s FROM unnest(${[...sources].sort()}::text[]) WITH ORDINALITY AS u(s, n) ORDER BY n) o`;
  const waiting = await tx.$queryRaw<{ source: string }[]>`
    SELECT data->>'source' AS "source" FROM pgboss.job WHERE name = 'profile-source' AND state IN ('created', 'retry')
      AND data->>'workspaceId' = ${workspaceId}`;
  const known = new Set(waiting.map(({ source }) => source));
  await enqueueAll(
    tx,
    "profile-source",
    [...new Set(sources)].filter((source) => !known.has(source)).map((source) => ({ workspaceId, source })),
  );
}
