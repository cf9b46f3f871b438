import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import { needsFigures } from "@/lib/domain/drift/drift-metrics";
import { addSides, type DriftSide } from "@/lib/domain/drift/drift-side";
import { DomainError } from "@/lib/domain/errors";
import type { TrainAndTest } from "@/lib/domain/monitors/calibrate";
import { coveringProfiles } from "@/lib/domain/monitors/covering-profiles";
import type { MonitoredFeature } from "@/lib/domain/monitors/evaluate-monitor";
import type { ProfiledWindow } from "@/lib/domain/monitors/measure-windows";
import { groupBy } from "./feature-documents";
import { PERSONAL, withholdValues } from "./personal-values";
import type { RunParams } from "./run-variant";
import { readProfiles, type StoredProfile } from "./stored-profiles";

/** What is watched: features of a view that an environment serves, those that a model reads, columns of a source. */
export type Watched = Pick<MonitorDefinition, "view" | "model" | "source" | "environment">;

interface Version {
  id: string;
  feature: string;
}

/** The profile of a window. */
export type StoredWindow = StoredProfile & ProfiledWindow;

/** Everything that is stored of one watched feature version. */
export interface StoredFeature extends MonitoredFeature {
  windows: StoredWindow[];
  parts: Readonly<Record<string, StoredProfile>>;
  /** Whether the windows are of predict runs. */
  isServing: boolean;
}

/** The part of profiles that predict runs write. */
const SERVING = "serving";

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
  const features = await loadFeatures(versions, { model: model ?? null, withFigures }, db);
  const untimed = features.filter(({ windows }) => windows.length === 0).map(({ versionId }) => versionId);
  if (source === undefined || untimed.length === 0) return features;
  const ofVersions = await readShown(untimed, { kind: "versions", withFigures }, db);
  return features.map((feature) =>
    feature.windows.length > 0 ? feature : { ...feature, ...windowsOf(ofVersions.get(feature.versionId) ?? [], false) },
  );
}

/**
 * The same of versions that the caller chose; `model` is the one whose serving windows and split count, and figures are what
 * `readProfiles` says.
 */
export async function loadFeatures(
  versions: readonly Version[],
  { model, withFigures }: { model: string | null; withFigures: boolean },
  db: Prisma | Transaction = prisma(),
): Promise<StoredFeature[]> {
  const profiles = await readShown(
    versions.map(({ id }) => id),
    { withFigures },
    db,
  );
  const runIds = runsOf(profiles.values());
  const models = await modelsOfRuns(runIds, db);
  const ranges = await rangesOfRuns(runIds, db);
  return versions.map(({ id, feature }) => {
    const own = profiles.get(id) ?? [];
    return {
      feature,
      versionId: id,
      ...windowsOf(own, model !== null, ranges),
      ...partsOf(own, models, model),
    };
  });
}

/** Profiles as verdicts and alerts show them, which are read by many: what they say of a person's data never names a value. */
async function readShown(
  ids: string[],
  options: Parameters<typeof readProfiles>[1],
  db: Prisma | Transaction,
): Promise<Map<string, StoredProfile[]>> {
  const profiles = await readProfiles(ids, options, db);
  for (const id of await personalVersions(ids, db)) profiles.set(id, (profiles.get(id) ?? []).map(withholdValues));
  return profiles;
}

async function personalVersions(ids: string[], db: Prisma | Transaction): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT v."id" FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE v."id" = ANY(${ids}) AND f."sensitivity" = ANY(${PERSONAL})`;
  return rows.map(({ id }) => id);
}

/** Run → the range of event time that it was asked for; without one it took all rows. */
type Ranges = ReadonlyMap<string, readonly [from: string, to: string]>;

function windowsOf(
  profiles: readonly StoredProfile[],
  prefersServing: boolean,
  ranges: Ranges = new Map(),
): { windows: StoredWindow[]; isServing: boolean } {
  const timed = profiles.filter(isTimed);
  const serving = prefersServing ? timed.filter(({ part }) => part === SERVING) : [];
  const chosen = serving.length > 0 ? serving : timed.filter(({ part }) => part === "all");
  // Profiled by month and later by week: windows of two lengths would overlap, and the newest length counts.
  const lengths = lengthsOf(chosen);
  const newest = lengths.at(-1);
  const ofLength = chosen.filter((_, at) => lengths[at] === newest);
  // The newest profile of a window is the one that counts, unless runs took some of its rows only.
  const windows = new Map(ofLength.map((profile) => [profile.from, profile]));
  if (ofLength.some(({ runId }) => runId !== null && ranges.has(runId)))
    for (const [from, own] of groupBy(ofLength, (profile) => profile.from)) windows.set(from, addUp(own, ranges));
  return {
    windows: [...windows.values()].sort((one, other) => (one.from < other.from ? -1 : 1)),
    isServing: serving.length > 0,
  };
}

/** Profiles of one window, oldest first, as far as they are of different rows. */
function addUp(profiles: readonly StoredWindow[], ranges: Ranges): StoredWindow {
  const ranged = profiles.map((profile) => {
    const [from, to] = ranges.get(profile.runId ?? "") ?? [profile.from, profile.to];
    return {
      profile,
      from: from > profile.from ? from : profile.from,
      to: to < profile.to ? to : profile.to,
    };
  });
  const [first, ...others] = coveringProfiles(ranged) as [StoredWindow, ...StoredWindow[]];
  try {
    return others.reduce((sum, other) => ({ ...sum, ...addSides(sum, other) }), first);
  } catch (error) {
    // Counted by other buckets: what says most of the window stands for it.
    if (error instanceof DomainError) return first;
    throw error;
  }
}

const isTimed = (profile: StoredProfile): profile is StoredWindow => profile.from !== null && profile.to !== null;

const DAY_MS = 86_400_000;

function lengthsOf(windows: readonly StoredWindow[]): ("day" | "week" | "month")[] {
  return windows.map(({ from, to }) => {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
    if (days <= 1) return "day";
    return days <= 7 ? "week" : "month";
  });
}

function partsOf(profiles: readonly StoredProfile[], models: ReadonlyMap<string, string>, model: string | null) {
  const parts: Record<string, StoredProfile> = {};
  const byModel = new Map<string | null, Record<string, DriftSide>>();
  const own = (profile: StoredProfile) => models.get(profile.runId ?? "") ?? null;
  const untimed = profiles.filter(({ from }) => from === null);
  // Another model's split of the same feature says where that model's training rows are.
  const isOwn = model !== null && untimed.some((profile) => own(profile) === model);
  for (const profile of untimed) {
    const consumer = own(profile);
    byModel.set(consumer, { ...byModel.get(consumer), [profile.part]: profile });
    if (isOwn && consumer !== model) continue;
    parts[profile.part] = profile;
  }
  const consumers = [...byModel].flatMap(([consumer, { train, test }]): TrainAndTest[] =>
    train && test && (!isOwn || consumer === model) ? [{ model: consumer, train, test }] : [],
  );
  return { parts, consumers };
}

function runsOf(profiles: Iterable<readonly StoredProfile[]>): string[] {
  const runIds = new Set<string>();
  for (const own of profiles) for (const { runId } of own) if (runId !== null) runIds.add(runId);
  return [...runIds];
}

async function rangesOfRuns(runIds: string[], db: Prisma | Transaction): Promise<Ranges> {
  const runs = await db.run.findMany({ where: { id: { in: runIds } }, select: { id: true, params: true } });
  return new Map(
    runs.flatMap(({ id, params }) => {
      // Written by whoever queued the run.
      const { window } = params as unknown as Pick<RunParams, "window">;
      return window ? [[id, window.map((at) => new Date(at).toISOString()) as [string, string]]] : [];
    }),
  );
}

/** Run → the model that it registered a version of. */
async function modelsOfRuns(runIds: string[], db: Prisma | Transaction): Promise<Map<string, string>> {
  const versions = await db.modelVersion.findMany({
    where: { runId: { in: runIds } },
    select: { runId: true, model: { select: { name: true } } },
  });
  return new Map(versions.map(({ runId, model }) => [runId, model.name]));
}

async function watchedVersions(
  workspaceId: string,
  { view, model, source, environment }: Watched,
  db: Prisma | Transaction,
): Promise<Version[]> {
  if (source !== undefined) return columnsOfSource(workspaceId, source, db);
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

/** The newest version of a model and the feature versions that it reads; null when there is none. */
export async function newestReading(
  workspaceId: string,
  model: string,
  db: Prisma | Transaction = prisma(),
): Promise<{ version: number; reads: Version[] } | null> {
  const newest = await db.modelVersion.findFirst({
    where: { model: { workspaceId, name: model } },
    orderBy: { version: "desc" },
    select: {
      version: true,
      verdicts: { select: { featureVersion: { select: { id: true, feature: { select: { name: true } } } } } },
    },
  });
  if (!newest) return null;
  const reads = newest.verdicts
    .map(({ featureVersion }) => ({ id: featureVersion.id, feature: featureVersion.feature.name }))
    .sort((one, other) => (one.feature < other.feature ? -1 : 1));
  return { version: newest.version, reads };
}

async function columnsOfSource(workspaceId: string, source: string, db: Prisma | Transaction): Promise<Version[]> {
  const versions = await db.featureVersion.findMany({
    where: { signature: `source:${source}`, feature: { workspaceId, retiredAt: null } },
    select: { id: true, feature: { select: { name: true } } },
    orderBy: { feature: { name: "asc" } },
  });
  return versions.map(({ id, feature }) => ({ id, feature: feature.name }));
}
