import { prisma } from "@/lib/db/client";

interface Kept<Value> {
  revision: number;
  /** When it was read, by the database's clock. */
  readAt: Date;
  value: Value;
}

const holder = globalThis as typeof globalThis & { tributaryAtRevision?: Map<string, Map<string, unknown>> };

/**
 * What is made of a whole workspace, kept in memory by this process and made anew when the workspace's audit log has grown: every
 * write appends to the log, so its last number is the revision of everything that can be read. Lives on `globalThis`, because
 * pages and routes are separate module graphs. `build` gets what it made before, and when.
 */
export function atRevision<Value>(
  name: string,
  build: (workspaceId: string, before: { value: Value; readAt: Date } | undefined) => Promise<Value>,
): (workspaceId: string) => Promise<Value> {
  return async (workspaceId) => {
    const all = (holder.tributaryAtRevision ??= new Map());
    const kept = (all.get(name) ?? new Map()) as Map<string, Promise<Kept<Value>>>;
    all.set(name, kept);
    const [row] = await prisma().$queryRaw<{ revision: number | null; now: Date }[]>`
      SELECT max("sequence") AS "revision", now() AS "now" FROM "AuditEvent" WHERE "workspaceId" = ${workspaceId}`;
    const revision = row?.revision ?? 0;
    const known = kept.get(workspaceId);
    // Whoever comes while another builds waits for that build, then checks again whether it is new enough.
    const before = await known?.catch(() => undefined);
    if (before && before.revision >= revision) return before.value;
    const newer = kept.get(workspaceId);
    if (newer && newer !== known) return (await newer).value;
    const readAt = row?.now ?? new Date(0);
    // By a clock that was set back nothing would have changed since.
    const earlier = before && before.readAt <= readAt ? before : undefined;
    const building = build(workspaceId, earlier).then((value) => ({ revision, readAt, value }));
    kept.set(workspaceId, building);
    try {
      return (await building).value;
    } catch (error) {
      if (kept.get(workspaceId) === building) kept.delete(workspaceId);
      throw error;
    }
  };
}
