/** For how long the bytes of sources' versions are kept, which are pinned, and which of them are gone. */
import type { KeptVersion, Retention } from "@/lib/contracts/retention";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { expiryOf } from "@/lib/domain/datasets/retention";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { datasetsRead } from "@/lib/domain/training-datasets/training-recipe";
import { actorNames } from "../actor-names";
import { pageOf, type PageQuery } from "../paging";
import { recordEvent, recordEvents } from "../record-event";
import { openScopeFor, systemScope } from "../scope";
import { trainingRecipeOf, writtenFilesOf } from "../stored-json";
import { removeTableCopy, removeUnnamed } from "./kept-files";

const OF_VERSION = {
  pin: true,
  _count: { select: { inputsOf: true } },
} satisfies Prisma.DatasetVersionInclude;
type VersionRow = Prisma.DatasetVersionGetPayload<{ include: typeof OF_VERSION }>;

/** The versions of all sources: what expires next first, then what stays, then what is gone. */
export async function getRetention(
  principal: Principal,
  query: PageQuery & { workspace: string; dataset?: string | undefined },
): Promise<Retention> {
  const { workspace, actor } = await openScopeFor(principal, query.workspace, "feature:read");
  const { retentionDays: days } = await prisma().workspace.findUniqueOrThrow({
    where: { id: workspace.id },
    select: { retentionDays: true },
  });
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId: workspace.id, sourceId: { not: null } },
    include: OF_VERSION,
    orderBy: [{ dataset: "asc" }, { version: "desc" }],
  });
  const replacedAt = new Map(rows.map((row) => [`${row.dataset}@${row.version - 1}`, row.createdAt]));
  const spines = await spinesOf(workspace.id);
  const nameOf = await actorNames(rows.flatMap(({ pin }) => (pin ? [pin.createdBy] : [])));
  const items = rows
    .filter(({ dataset }) => query.dataset === undefined || dataset === query.dataset)
    .map((row) => toKept(row, replacedAt.get(`${row.dataset}@${row.version}`) ?? null, days, spines, nameOf));
  const bytes = new Map(
    rows
      .filter(({ keptAt, expiredAt }) => keptAt !== null && expiredAt === null)
      .flatMap(({ files }) => writtenFilesOf(files).map((file) => [file.sha256, file.bytes] as const)),
  );
  return {
    days,
    keptFiles: bytes.size,
    keptBytes: [...bytes.values()].reduce((sum, one) => sum + one, 0),
    ...pageOf(items.toSorted(bySoonest), query),
    actions: [
      ...(can(actor.roles, "workspace:edit") ? (["edit"] as const) : []),
      ...(can(actor.roles, "run:start") ? (["pin"] as const) : []),
    ],
  };
}

function toKept(
  row: VersionRow,
  replaced: Date | null,
  days: number | null,
  spines: ReadonlyMap<string, string[]>,
  nameOf: (id: string) => string,
): KeptVersion {
  const { pin } = row;
  const isKept = row.keptAt !== null && row.expiredAt === null;
  return {
    dataset: row.dataset,
    version: row.version,
    rows: Number(row.rows),
    bytes: writtenFilesOf(row.files).reduce((sum, file) => sum + file.bytes, 0),
    recordedAt: row.createdAt.toISOString(),
    replacedAt: replaced?.toISOString() ?? null,
    keptAt: row.keptAt?.toISOString() ?? null,
    notKept: row.keptAt !== null ? null : (row.notKept ?? "It was recorded before bytes were kept."),
    expiresAt: isKept && !pin ? (expiryOf(replaced, days)?.toISOString() ?? null) : null,
    expiredAt: row.expiredAt?.toISOString() ?? null,
    pin: pin && { reason: pin.reason, by: nameOf(pin.createdBy), at: pin.createdAt.toISOString() },
    runs: row._count.inputsOf,
    trainingDatasets: spines.get(`${row.dataset}@${row.version}`) ?? [],
  };
}

/** `source@version` → training datasets whose rows follow from it. */
async function spinesOf(workspaceId: string): Promise<Map<string, string[]>> {
  const rows = await prisma().trainingDataset.findMany({
    where: { workspaceId, deletedAt: null },
    select: { name: true, recipe: true },
    orderBy: { name: "asc" },
  });
  const spines = new Map<string, string[]>();
  for (const { name, recipe } of rows)
    for (const { dataset, version } of datasetsRead(trainingRecipeOf(recipe))) {
      const key = `${dataset}@${version}`;
      spines.set(key, [...(spines.get(key) ?? []), name]);
    }
  return spines;
}

/** Names do not decide between equals: the list comes by name, and sorting keeps that. */
function bySoonest(one: KeptVersion, other: KeptVersion): number {
  const rank = ({ expiresAt, expiredAt }: KeptVersion) => (expiredAt !== null ? 2 : expiresAt === null ? 1 : 0);
  return rank(one) - rank(other) || ((one.expiresAt ?? "") < (other.expiresAt ?? "") ? -1 : 1);
}

/** @param days null for ever; 0 keeps no bytes of what is recorded from now on */
export async function setRetention(principal: Principal, workspace: string, days: number | null): Promise<Retention> {
  const scope = await openScopeFor(principal, workspace, "workspace:edit");
  const { id } = scope.workspace;
  await prisma().$transaction(async (tx) => {
    const before = await tx.workspace.findUniqueOrThrow({ where: { id }, select: { retentionDays: true } });
    if (before.retentionDays === days) return;
    await tx.workspace.update({ where: { id }, data: { retentionDays: days } });
    await recordEvent(tx, scope, {
      action: "retention.set",
      object: `workspace/${workspace}`,
      before: { days: before.retentionDays },
      after: { days },
    });
  });
  return getRetention(principal, { workspace, limit: 50 });
}

interface VersionRef {
  workspace: string;
  dataset: string;
  version: number;
}

/** Keeps the bytes of a version beyond the retention. Throws `not_found`, and `conflict` for one whose bytes are not kept or are gone. */
export async function pinVersion(principal: Principal, ref: VersionRef, reason: string): Promise<KeptVersion> {
  const scope = await openScopeFor(principal, ref.workspace, "run:start");
  await prisma().$transaction(async (tx) => {
    const row = await lockVersion(tx, scope.workspace.id, ref);
    const name = `${ref.dataset}@${ref.version}`;
    if (row.expiredAt !== null)
      throw new DomainError("conflict", `The bytes of ${name} were removed on ${row.expiredAt.toISOString()}: there is nothing left to pin.`); // prettier-ignore
    if (row.keptAt === null)
      throw new DomainError("conflict", `The bytes of ${name} are not kept, so that there is nothing to pin. ${row.notKept ?? "It was recorded before bytes were kept; the next run that reads the same bytes keeps them."}`); // prettier-ignore
    await tx.datasetPin.upsert({
      where: { datasetVersionId: row.id },
      create: { workspaceId: scope.workspace.id, datasetVersionId: row.id, reason, createdBy: scope.actor.id },
      update: { reason, createdBy: scope.actor.id },
    });
    await recordEvent(tx, scope, { action: "dataset.pin", object: `source/${ref.dataset}`, after: { version: ref.version, reason } }); // prettier-ignore
  });
  return keptVersion(principal, ref);
}

/** The version is kept as long as others are again. Nothing happens when it is not pinned. */
export async function unpinVersion(principal: Principal, ref: VersionRef): Promise<KeptVersion> {
  const scope = await openScopeFor(principal, ref.workspace, "run:start");
  await prisma().$transaction(async (tx) => {
    const row = await lockVersion(tx, scope.workspace.id, ref);
    const { count } = await tx.datasetPin.deleteMany({ where: { datasetVersionId: row.id } });
    if (count > 0)
      await recordEvent(tx, scope, { action: "dataset.unpin", object: `source/${ref.dataset}`, before: { version: ref.version } }); // prettier-ignore
  });
  return keptVersion(principal, ref);
}

async function keptVersion(principal: Principal, { workspace, dataset, version }: VersionRef): Promise<KeptVersion> {
  const { items } = await getRetention(principal, { workspace, dataset, limit: Number.MAX_SAFE_INTEGER });
  return items.find((one) => one.version === version) as KeptVersion;
}

async function lockVersion(tx: Transaction, workspaceId: string, { dataset, version }: VersionRef) {
  await tx.$executeRaw`SELECT 1 FROM "DatasetVersion" WHERE "workspaceId" = ${workspaceId} AND "dataset" = ${dataset} AND "version" = ${version} FOR UPDATE`;
  const row = await tx.datasetVersion.findUnique({
    where: { workspaceId_dataset_version: { workspaceId, dataset, version } },
  });
  if (row && row.sourceId !== null) return row;
  throw new DomainError(
    "not_found",
    row
      ? `${dataset} was written by a run, and what runs write is not removed.`
      : `There is no version ${version} of source \`${dataset}\`.`,
  );
}

/**
 * Removes the bytes of versions that a newer one replaced longer ago than their workspace keeps them; not those that are pinned, nor what an
 * unfinished run or reproduction reads.
 * @param graceMs how long contents stay that no version names: they may be of one that is about to be recorded
 */
export async function expireVersions(now: Date, graceMs?: number): Promise<{ versions: number; bytes: number }> {
  const expired = await prisma().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; workspaceId: string; workspace: string; dataset: string; version: number }[]>`
      SELECT v."id", v."workspaceId", w."name" AS "workspace", v."dataset", v."version"
      FROM "DatasetVersion" v
        JOIN "Workspace" w ON w."id" = v."workspaceId"
        JOIN "DatasetVersion" n ON n."workspaceId" = v."workspaceId" AND n."dataset" = v."dataset" AND n."version" = v."version" + 1
        LEFT JOIN "DatasetPin" p ON p."datasetVersionId" = v."id"
      WHERE v."sourceId" IS NOT NULL AND v."keptAt" IS NOT NULL AND v."expiredAt" IS NULL AND p."id" IS NULL
        AND n."createdAt" + make_interval(days => w."retentionDays") <= ${now}
        AND NOT EXISTS (SELECT 1 FROM "RunInput" i JOIN "Run" r ON r."id" = i."runId" LEFT JOIN "Reproduction" e ON e."runId" = r."id"
          WHERE i."datasetVersionId" = v."id" AND (r."state" IN ('queued', 'running') OR e."state" IN ('queued', 'running')))
        AND NOT EXISTS (SELECT 1 FROM "Reproduction" e JOIN "TrainingDataset" t ON t."id" = e."trainingDatasetId"
          WHERE t."workspaceId" = v."workspaceId" AND t."recipe"->'spine'->>'source' = v."dataset" AND e."state" IN ('queued', 'running'))
      FOR UPDATE OF v`; // prettier-ignore
    await tx.datasetVersion.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data: { expiredAt: now } });
    for (const { workspaceId, workspace, dataset, version } of rows)
      await recordEvents(tx, systemScope({ id: workspaceId, name: workspace }), [
        { action: "dataset.expire", object: `source/${dataset}`, after: { version } },
      ]);
    return rows;
  });
  // The next sweep removes what this one leaves when it is stopped.
  const named = await prisma().$queryRaw<{ sha256: string; path: string; kept: boolean }[]>`
    SELECT f->>'sha256' AS "sha256", f->>'path' AS "path", bool_or(v."keptAt" IS NOT NULL) AS "kept"
    FROM "DatasetVersion" v, jsonb_array_elements(v."files") AS f
    WHERE v."sourceId" IS NOT NULL AND v."expiredAt" IS NULL GROUP BY 1, 2`;
  const contents = new Set(named.flatMap(({ sha256, kept }) => (kept ? [sha256] : [])));
  const { bytes } = await removeUnnamed(contents, graceMs);
  const gone = await prisma().datasetVersion.findMany({
    where: { id: { in: expired.map(({ id }) => id) } },
    select: { files: true },
  });
  const stays = new Set(named.map(({ path }) => path));
  for (const { path } of gone.flatMap(({ files }) => writtenFilesOf(files)))
    if (!stays.has(path)) await removeTableCopy(path);
  return { versions: expired.length, bytes };
}
