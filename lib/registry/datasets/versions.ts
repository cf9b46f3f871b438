import { prisma, type Transaction } from "@/lib/db/client";
import type { DatasetVersion } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import { digestOf } from "../record-event";
import { definitionOf, writtenFilesOf } from "../stored-json";
import { isTableCopy, keepFiles } from "./kept-files";

/** What an engine found in the files of a source or of an output. */
export interface DescribedDataset {
  files: { path: string; sha256: string; bytes: number }[];
  rows: number;
  /** First and last value of the time column, ISO; null without one. */
  time: [string, string] | null;
  /** What its readers should know of its values, in sentences. */
  warnings?: string[];
}

/** Equal files are equal data, wherever they lie. */
export function digestOfFiles(files: DescribedDataset["files"]): string {
  return digestOf(files.map((file) => file.sha256));
}

interface DatasetIdentity {
  workspaceId: string;
  /** The source's name, or `entity@pipeline`. */
  dataset: string;
  sourceId?: string;
  runId?: string;
  createdBy: string;
}

const pathsOf = (files: DescribedDataset["files"]) => files.map(({ path }) => path).join("\n");

/** When the bytes of a version were kept, or why they are not, as a sentence. */
type Keeping = { keptAt: Date; notKept: null } | { keptAt: null; notKept: string };

/** The newest version of a dataset when its files are still those, else a new one. Serialised per dataset until commit. */
async function ensureDatasetVersion(
  tx: Transaction,
  identity: DatasetIdentity,
  described: DescribedDataset,
  keeping: Keeping,
): Promise<DatasetVersion> {
  const { workspaceId, dataset } = identity;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`dataset:${workspaceId}:${dataset}`}, 0))`;
  const newest = await tx.datasetVersion.findFirst({ where: { workspaceId, dataset }, orderBy: { version: "desc" } });
  const digest = digestOfFiles(described.files);
  const warnings = described.warnings ?? [];
  if (newest?.digest === digest) {
    const isKept = newest.keptAt !== null || (keeping.keptAt === null && newest.notKept === keeping.notKept);
    const isThere = pathsOf(writtenFilesOf(newest.files)) === pathsOf(described.files);
    if (isKept && isThere && newest.warnings.join("\n") === warnings.join("\n")) return newest;
    // The same files, declared in another way, kept only now or moved.
    const kept = newest.keptAt === null && keeping;
    const data = { warnings, files: described.files, ...kept };
    return tx.datasetVersion.update({ where: { id: newest.id }, data });
  }
  return tx.datasetVersion.create({
    data: {
      ...identity,
      ...keeping,
      warnings,
      version: (newest?.version ?? 0) + 1,
      files: described.files,
      digest,
      rows: BigInt(described.rows),
      timeFrom: described.time && new Date(described.time[0]),
      timeTo: described.time && new Date(described.time[1]),
    },
  });
}

/**
 * What the engine found in a source's files as a dataset version, in a transaction of its own, once the files' bytes are kept. Throws when
 * there is no such source, and `conflict` when a file changed since it was described.
 * @param by whose id the version is created with
 * @param runId the run that reads it, whose input it becomes
 */
export async function recordSourceVersion(
  workspaceId: string,
  source: string,
  described: DescribedDataset,
  { by, runId }: { by: string; runId?: string },
): Promise<DatasetVersion> {
  const keeping = await keepBytes(workspaceId, source, described.files);
  return prisma().$transaction(async (tx) => {
    const { id: sourceId } = await tx.source.findUniqueOrThrow({
      where: { workspaceId_name: { workspaceId, name: source } },
      select: { id: true },
    });
    const identity = { workspaceId, dataset: source, sourceId, createdBy: by };
    const version = await ensureDatasetVersion(tx, identity, described, keeping);
    if (runId !== undefined)
      await tx.runInput.createMany({ data: [{ runId, datasetVersionId: version.id }], skipDuplicates: true });
    return version;
  });
}

/** A version of a source that a run reads in the place of the newest: it becomes an input of the run. Throws `not_found`. */
export async function readVersion(
  run: { id: string; workspaceId: string },
  dataset: string,
  version: number,
): Promise<DatasetVersion> {
  const row = await prisma().datasetVersion.findUnique({
    where: { workspaceId_dataset_version: { workspaceId: run.workspaceId, dataset, version } },
  });
  if (!row) throw new DomainError("not_found", `There is no version ${version} of \`${dataset}\`.`);
  await prisma().runInput.createMany({ data: [{ runId: run.id, datasetVersionId: row.id }], skipDuplicates: true });
  return row;
}

/** Keeps the bytes of a source that may change, unless the workspace wants none. */
async function keepBytes(workspaceId: string, source: string, files: DescribedDataset["files"]): Promise<Keeping> {
  const row = await prisma().source.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId, name: source } },
    select: { definition: true, workspace: { select: { retentionDays: true } } },
  });
  const isOwnCopy = files.every(({ path }) => isTableCopy(path));
  const whyNot = isOwnCopy
    ? null
    : row.workspace.retentionDays === 0
      ? "The workspace keeps no bytes of its sources."
      : definitionOf("Source", row).appendOnly
        ? "The source is append-only: what a version read stays in its own files."
        : await keepFiles(files);
  return whyNot === null ? { keptAt: new Date(), notKept: null } : { keptAt: null, notKept: whyNot };
}

/** What was found in a source when its newest version was recorded; null when the source was declared in another way since, or was never read. */
export async function newestSinceDeclared(
  workspaceId: string,
  source: string,
): Promise<(Required<DescribedDataset> & { dataset: string }) | null> {
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId, name: source } },
    select: {
      definitionVersion: { select: { createdAt: true } },
      datasetVersions: { orderBy: { version: "desc" }, take: 1 },
    },
  });
  const newest = row?.datasetVersions[0];
  if (!row || !newest || newest.createdAt <= row.definitionVersion.createdAt) return null;
  const { timeFrom, timeTo, warnings } = newest;
  return {
    dataset: source,
    files: writtenFilesOf(newest.files),
    rows: Number(newest.rows),
    time: timeFrom && timeTo && [timeFrom.toISOString(), timeTo.toISOString()],
    warnings,
  };
}

/** Source → its newest version with the first and last value of its time column, ISO; none for one that nobody has read. */
export async function newestVersions(
  workspaceId: string,
): Promise<Map<string, { version: number; time: [string, string] | null }>> {
  const rows = await prisma().$queryRaw<
    { dataset: string; version: number; timeFrom: Date | null; timeTo: Date | null }[]
  >`
    SELECT DISTINCT ON ("dataset") "dataset", "version", "timeFrom", "timeTo" FROM "DatasetVersion"
    WHERE "workspaceId" = ${workspaceId} AND "sourceId" IS NOT NULL ORDER BY "dataset", "version" DESC`;
  return new Map(
    rows.map(({ dataset, version, timeFrom, timeTo }) => [
      dataset,
      { version, time: timeFrom && timeTo && [timeFrom.toISOString(), timeTo.toISOString()] },
    ]),
  );
}
