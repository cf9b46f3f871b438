/** Sources whose new data somebody waits for: looked at, told of, read. */
import { prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { recordEvent } from "../record-event";
import { openScopeFor } from "../scope";
import { definitionOf } from "../stored-json";

/** A source that some job waits for, with what was seen of it the last time. */
export interface WatchedSource {
  id: string;
  workspaceId: string;
  definition: SourceDefinition;
  watch: { glance: string | null; pending: string | null; lookedAt: Date; error: string | null } | null;
}

/** The sources that jobs of active deployments wait for. */
export async function listWatchedSources(): Promise<WatchedSource[]> {
  const waited = await prisma().$queryRaw<{ id: string }[]>`
    SELECT DISTINCT s."id" FROM "DeploymentJob" j JOIN "Deployment" d ON d."id" = j."deploymentId"
    JOIN "Workspace" w ON w."id" = d."workspaceId" AND w."archivedAt" IS NULL
    CROSS JOIN LATERAL jsonb_object_keys(j."seen") AS seen(source)
    JOIN "Source" s ON s."workspaceId" = d."workspaceId" AND s."name" = seen.source AND s."retiredAt" IS NULL
    WHERE j."onNewData" AND d."state" = 'active'`;
  const rows = await prisma().source.findMany({
    where: { id: { in: waited.map(({ id }) => id) } },
    include: { watch: { select: { glance: true, pending: true, lookedAt: true, error: true } } },
    orderBy: { id: "asc" },
  });
  return rows.map(({ id, workspaceId, watch, ...row }) => ({ id, workspaceId, watch, definition: definitionOf("Source", row) })); // prettier-ignore
}

/** What a look found: `glance` of what is or will be read, `pending` of what may still be written. */
export async function recordLook(
  { id: sourceId, workspaceId, definition }: WatchedSource,
  look: {
    glance: string | null;
    pending: string | null;
    /** Why it could not be looked at, or read the last time. */ error: string | null;
    isRead: boolean;
  },
  now: Date,
): Promise<void> {
  const { isRead, error, ...seen } = look;
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const data = { ...seen, error, lookedAt: now };
    await tx.sourceWatch.upsert({ where: { sourceId }, create: { sourceId, ...data }, update: data });
    if (isRead) await enqueue(tx, "profile-source", { workspaceId, source: definition.name, again: true });
  });
}

/** How a reading ended, of a source that somebody waits for. */
export async function recordReading(workspaceId: string, name: string, error: string | null): Promise<void> {
  await prisma().sourceWatch.updateMany({
    where: { source: { workspaceId, name } },
    data: { error, ...(error === null && { readAt: new Date() }) },
  });
}

/** Has a source read because somebody says that it has new data. Throws `not_found` and, when it is retired, `conflict`. */
export async function noticeSource(principal: Principal, workspace: string, name: string) {
  const scope = await openScopeFor(principal, workspace, "run:start");
  const workspaceId = scope.workspace.id;
  const row = await prisma().source.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  if (!row) throw new DomainError("not_found", `There is no source \`${name}\` in ${workspace}.`);
  if (row.retiredAt) throw new DomainError("conflict", `Source ${name} is retired, so that nothing reads it any more.`);
  await openQueue();
  await prisma().$transaction(async (tx) => {
    await enqueue(tx, "profile-source", { workspaceId, source: name, again: true });
    await recordEvent(tx, scope, { action: "source.notice", object: `source/${name}` });
  });
  const newest = await prisma().datasetVersion.aggregate({ where: { workspaceId, dataset: name }, _max: { version: true } }); // prettier-ignore
  return { source: name, newest: newest._max.version };
}
