import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";

/** A version of a dataset, as its columns are found. */
export interface ProfiledVersion {
  id: string;
  runId: string | null;
  /** Entity of its rows. */
  entity: string;
}

/** Name of a column in a dataset of the entity: another entity's keeps that one's name before it. */
export function nameIn(entity: string, column: string): string {
  return column.startsWith(`${entity}.`) ? splitColumn(column)[1] : column;
}

/** What is stored of the versions themselves; of a run's output also of the entity's other columns, which the run read. */
export function profilesOf(workspaceId: string, versions: readonly ProfiledVersion[]) {
  return {
    workspaceId,
    OR: versions.flatMap(({ id, runId, entity }) => [
      { datasetVersionId: id },
      ...(runId ? [{ runId, column: { startsWith: `${entity}.` } }] : []),
    ]),
  };
}

/** The version that a profile found by `profilesOf` is of; one of a file comes before one of what the run read for another file. */
export function versionOf<Version extends ProfiledVersion>(
  versions: readonly Version[],
  { datasetVersionId, runId, column }: { datasetVersionId: string; runId: string | null; column: string },
): Version | undefined {
  return (
    versions.find(({ id }) => id === datasetVersionId) ??
    versions.find((version) => runId !== null && version.runId === runId && column.startsWith(`${version.entity}.`))
  );
}

/** Version → feature version → the column's name in the file of an output. Empty for a source. */
export async function writtenNames(
  versions: readonly Pick<ProfiledVersion, "id">[],
): Promise<Map<string, Map<string, string>>> {
  const rows = await prisma().featureValues.findMany({
    where: { datasetVersionId: { in: versions.map(({ id }) => id) } },
    select: { datasetVersionId: true, featureVersionId: true, column: true },
    orderBy: { id: "asc" },
  });
  const names = new Map(versions.map(({ id }) => [id, new Map<string, string>()]));
  for (const { datasetVersionId, featureVersionId, column } of rows)
    names.get(datasetVersionId)?.set(featureVersionId, column);
  return names;
}

/** Version → name → feature of what a run wrote and of what was profiled with it: the columns that Overview has of an output. */
export async function columnsOfVersions(
  workspaceId: string,
  versions: readonly ProfiledVersion[],
  names: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<Map<string, Map<string, string>>> {
  const columns = new Map(
    versions.map(({ id, entity }) => [
      id,
      new Map([...(names.get(id)?.values() ?? [])].map((name) => [name, `${entity}.${name}`])),
    ]),
  );
  if (versions.length === 0) return columns;
  const groups = await prisma().profile.groupBy({
    by: ["datasetVersionId", "runId", "column", "featureVersionId"],
    where: profilesOf(workspaceId, versions),
    orderBy: { column: "asc" },
  });
  for (const row of groups) {
    const version = versionOf(versions, row);
    if (!version) continue;
    const name =
      (row.featureVersionId && names.get(version.id)?.get(row.featureVersionId)) || nameIn(version.entity, row.column);
    columns.get(version.id)?.set(name, row.column);
  }
  return columns;
}
