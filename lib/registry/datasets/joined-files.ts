import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { columnsOfFiles, columnsOfSource, type RowColumn, type VersionWithColumns, WITH_COLUMNS } from "./columns";
import { filesToRead } from "./kept-files";
import { definitionOf, writtenFilesOf } from "../stored-json";

/** Files of a dataset version, as an engine reads them. */
export interface RowFiles {
  dataset: string;
  version: number;
  /** Absolute paths. */
  files: { path: string; sha256: string; bytes: number }[];
  rows: number;
  time: [string, string] | null;
}

/** Files that hold further columns of the same rows, which are found by join keys and event time. */
export interface JoinedFiles {
  snapshot: RowFiles;
  /** How the files are read; null for a run's output. */
  source: SourceDefinition | null;
  keys: { name: string; type: ColumnType }[];
  /** Column with the event time in the dataset and in these files; null where a row holds at all times. */
  time: { own: string; theirs: string } | null;
  columns: RowColumn[];
}

/**
 * Where columns of a run's rows lie beside its own files: in the sources of the same entity that it read, and, of what was scored,
 * in what the model's own run wrote of these rows, if both read the same data. Values of other entities are on other rows. No
 * column is there twice, none that the version's own files have.
 */
export async function joinedFiles(
  row: VersionWithColumns,
  entity: EntityDefinition | null,
  own: readonly RowColumn[],
): Promise<JoinedFiles[]> {
  if (!row.run || !entity) return [];
  const taken = new Set(own.flatMap(({ name, column }) => [name, column]));
  const joined: JoinedFiles[] = [];
  for (const found of [...(await ofSourcesRead(row, entity)), ...(await ofModelsRun(row, entity))]) {
    const columns = found.columns.filter(({ name, column }) => !taken.has(name) && !taken.has(column));
    for (const { name, column } of columns) taken.add(name).add(column);
    if (columns.length > 0) joined.push({ ...found, columns });
  }
  return joined;
}

export function filesOf(row: {
  dataset: string;
  version: number;
  files: Prisma.JsonValue;
  rows: bigint;
  timeFrom: Date | null;
  timeTo: Date | null;
}): RowFiles {
  return {
    dataset: row.dataset,
    version: row.version,
    files: filesToRead(writtenFilesOf(row.files)),
    rows: Number(row.rows),
    time: row.timeFrom && row.timeTo && [row.timeFrom.toISOString(), row.timeTo.toISOString()],
  };
}

async function ofSourcesRead(row: VersionWithColumns, entity: EntityDefinition): Promise<JoinedFiles[]> {
  const read = await prisma().datasetVersion.findMany({
    where: { source: { entity: entity.name }, inputsOf: { some: { runId: row.runId ?? "" } } },
    include: { source: true },
    orderBy: { dataset: "asc" },
  });
  return read.flatMap((version) => {
    const source = version.source && definitionOf("Source", version.source);
    const hasKeys = source && entity.joinKeys.every((key) => source.columns.some(({ name }) => name === key.name));
    if (!source || !hasKeys) return [];
    const time = source.timeColumn ?? null;
    // Without a time of its own a row would have many of a source whose rows have one.
    if (entity.eventTime !== undefined && time !== null && row.timeFrom === null) return [];
    return [
      {
        snapshot: filesOf(version),
        source,
        keys: entity.joinKeys,
        time: entity.eventTime !== undefined && time !== null ? { own: entity.eventTime, theirs: time } : null,
        columns: columnsOfSource(source, entity).filter(({ role }) => role === "feature"),
      },
    ];
  });
}

/** Equal sources, stages and fits give equal values, so what a model's run wrote of a row is what it was scored by. */
async function ofModelsRun(row: VersionWithColumns, entity: EntityDefinition): Promise<JoinedFiles[]> {
  const { run } = row;
  const runId = run?.scoredWith?.runId;
  if (!run || !runId) return [];
  const [written, ...inputs] = await Promise.all([
    prisma().datasetVersion.findFirst({
      where: { runId, dataset: { startsWith: `${entity.name}@` } },
      include: WITH_COLUMNS,
    }),
    ...[run.id, runId].map((id) =>
      prisma().runInput.findMany({ where: { runId: id }, select: { datasetVersionId: true } }),
    ),
  ]);
  const [read = [], fitted = []] = inputs.map((rows) => rows.map(({ datasetVersionId }) => datasetVersionId));
  if (!written || read.some((id) => !fitted.includes(id))) return [];
  if ((written.timeFrom === null) !== (row.timeFrom === null)) return [];
  const time = entity.eventTime !== undefined && row.timeFrom !== null ? entity.eventTime : null;
  return [
    {
      snapshot: filesOf(written),
      source: null,
      keys: entity.joinKeys,
      time: time === null ? null : { own: time, theirs: time },
      columns: (await columnsOfFiles(written, entity)).filter(({ role }) => role === "feature"),
    },
  ];
}
