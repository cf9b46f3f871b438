import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { needsFigures } from "@/lib/domain/drift/drift-metrics";
import { identifiesRows } from "@/lib/domain/profiles/moving-column";
import { newestReading } from "../models/newest-reading";
import { readFeatures, type StoredFeature, takeVersions, type Version } from "../profiles/stored-features";

/** What is watched: features of a view that an environment serves, those that a model reads, columns of a source. */
export type Watched = Pick<MonitorDefinition, "view" | "model" | "source" | "columns" | "environment">;

/**
 * What is stored of every feature that a monitor watches: each window's newest profile, and each part's. Windows of a model's
 * features are those of its predict runs, where there are any; those of a source without event time are its dataset versions.
 */
export async function loadMonitoredFeatures(
  workspaceId: string,
  watched: Watched & Pick<MonitorDefinition, "metric">,
  db: Prisma | Transaction = prisma(),
): Promise<StoredFeature[]> {
  return loadWatched(watched, await watchedVersions(workspaceId, watched, db), needsFigures(watched.metric), db);
}

/** One of them with all that a picture of it shows; null when the monitor does not watch it. */
export async function loadMonitoredFeature(
  workspaceId: string,
  watched: Watched,
  name: string,
): Promise<StoredFeature | null> {
  const versions = await watchedVersions(workspaceId, watched, prisma());
  const own = versions.filter(({ feature }) => feature === name);
  const [found] = await loadWatched(watched, own, true, prisma());
  return found ?? null;
}

async function loadWatched(
  { model, source }: Watched,
  versions: readonly Version[],
  withFigures: boolean,
  db: Prisma | Transaction,
): Promise<StoredFeature[]> {
  const features: StoredFeature[] = [];
  for await (const some of readFeatures(versions, { model: model ?? null, withFigures }, db)) features.push(...some);
  if (source !== undefined) await takeVersions(features, { withFigures }, db);
  return features;
}

async function watchedVersions(
  workspaceId: string,
  { view, model, source, columns, environment }: Watched,
  db: Prisma | Transaction,
): Promise<Version[]> {
  if (source !== undefined) return columnsOfSource(workspaceId, source, columns, db);
  if (model !== undefined) return (await newestReading(workspaceId, model, db))?.reads ?? [];
  const row = await db.featureView.findUnique({
    where: { workspaceId_name: { workspaceId, name: view ?? "" } },
    select: { features: true },
  });
  const pointers = await db.pointer.findMany({
    where: { environment, feature: { workspaceId, name: { in: row?.features ?? [] } } },
    select: { versionId: true, feature: { select: { name: true } } },
    orderBy: { feature: { name: "asc" } },
  });
  return pointers.map((pointer) => ({ id: pointer.versionId, feature: pointer.feature.name }));
}

/** The columns that are watched. Keys and times have other values in every window, so that only who names them watches them. */
async function columnsOfSource(
  workspaceId: string,
  source: string,
  columns: readonly string[] | undefined,
  db: Prisma | Transaction,
): Promise<Version[]> {
  const versions = await db.featureVersion.findMany({
    where: { signature: `source:${source}`, feature: { workspaceId, retiredAt: null } },
    select: { id: true, feature: { select: { name: true } } },
    orderBy: { feature: { name: "asc" } },
  });
  const row = await db.source.findUnique({
    where: { workspaceId_name: { workspaceId, name: source } },
    select: { definition: true },
  });
  // Written by `applySpecs` from a parsed definition.
  const definition = row?.definition as unknown as SourceDefinition | undefined;
  const isWatched = columns
    ? (column: string) => columns.includes(column)
    : (column: string) => !definition || !identifiesRows(definition, column);
  return versions
    .filter(({ feature }) => isWatched(splitColumn(feature.name)[1]))
    .map(({ id, feature }) => ({ id, feature: feature.name }));
}
