import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { Profile } from "@/lib/db/generated/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import type { DriftSide } from "@/lib/domain/drift/drift-side";
import type { TrainAndTest } from "@/lib/domain/monitors/calibrate";
import type { MonitoredFeature, ProfiledWindow } from "@/lib/domain/monitors/evaluate-monitor";
import { sideOf } from "./drift-comparison";
import { PERSONAL, withholdValues } from "./personal-values";

/** What is watched: features of a view that an environment serves, those that a model reads, columns of a source. */
export type Watched = Pick<MonitorDefinition, "view" | "model" | "source" | "environment">;

interface Version {
  id: string;
  feature: string;
}

type StoredProfile = Pick<
  Profile,
  "id" | "part" | "windowFrom" | "windowTo" | "histogram" | "equalWidth" | "stats" | "runId"
>;

/** A window with the profile that it was read from. */
export interface StoredWindow extends ProfiledWindow {
  profileId: string;
}

/** Everything that is stored of one watched feature version. */
export interface StoredFeature extends MonitoredFeature {
  windows: StoredWindow[];
  /** Part → its newest profile. */
  partProfiles: Readonly<Record<string, string>>;
  /** Whether the windows are of predict runs. */
  isServing: boolean;
}

/** The part of profiles that predict runs write. */
const SERVING = "serving";

/**
 * What is stored of every feature that a monitor watches: each window's newest profile, and each part's. Windows of a model's
 * features are those of its predict runs, where there are any.
 */
export async function loadMonitoredFeatures(
  workspaceId: string,
  watched: Watched,
  db: Prisma | Transaction = prisma(),
): Promise<StoredFeature[]> {
  return loadFeatures(await watchedVersions(workspaceId, watched, db), watched.model ?? null, db);
}

/** The same of versions that the caller chose; `model` is the one whose serving windows and split count. */
export async function loadFeatures(
  versions: readonly Version[],
  model: string | null,
  db: Prisma | Transaction = prisma(),
): Promise<StoredFeature[]> {
  const profiles = await db.profile.findMany({
    where: {
      featureVersionId: { in: versions.map(({ id }) => id) },
      OR: [
        { part: { in: ["all", SERVING] }, windowFrom: { not: null } },
        { part: { notIn: ["all", SERVING] }, windowFrom: null },
      ],
    },
    select: {
      id: true, featureVersionId: true, part: true, windowFrom: true, windowTo: true, histogram: true, equalWidth: true,
      stats: true, runId: true,
    }, // prettier-ignore
    // The newest profile of a window is the one that stays.
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const personal = new Set(await personalVersions(versions, db));
  const byVersion = new Map<string, StoredProfile[]>();
  for (const found of profiles) {
    // Verdicts and alerts are read by many: what they say of a person's data never names a value.
    const profile = personal.has(found.featureVersionId as string) ? withholdValues(found) : found;
    const own = byVersion.get(profile.featureVersionId as string) ?? [];
    own.push(profile);
    byVersion.set(profile.featureVersionId as string, own);
  }
  const models = await modelsOfRuns(profiles, db);
  return versions.map(({ id, feature }) => ({
    feature,
    versionId: id,
    ...windowsOf(byVersion.get(id) ?? [], model !== null),
    ...partsOf(byVersion.get(id) ?? [], models, model),
  }));
}

async function personalVersions(versions: readonly Version[], db: Prisma | Transaction): Promise<string[]> {
  const rows = await db.featureVersion.findMany({
    where: { id: { in: versions.map(({ id }) => id) }, feature: { sensitivity: { in: PERSONAL } } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

function windowsOf(
  profiles: readonly StoredProfile[],
  prefersServing: boolean,
): { windows: StoredWindow[]; isServing: boolean } {
  const timed = profiles.filter(({ windowFrom }) => windowFrom !== null);
  const serving = prefersServing ? timed.filter(({ part }) => part === SERVING) : [];
  const chosen = serving.length > 0 ? serving : timed.filter(({ part }) => part === "all");
  // Profiled by month and later by week: windows of two lengths would overlap, and the newest length counts.
  const newest = chosen.at(-1);
  const windows = new Map<string, StoredWindow>();
  for (const profile of chosen) {
    const { windowFrom, windowTo } = profile;
    if (!windowFrom || !windowTo || !newest || lengthOf(profile) !== lengthOf(newest)) continue;
    const from = windowFrom.toISOString();
    windows.set(from, { ...sideOf(profile), from, to: windowTo.toISOString(), profileId: profile.id });
  }
  return {
    windows: [...windows.values()].sort((one, other) => (one.from < other.from ? -1 : 1)),
    isServing: serving.length > 0,
  };
}

const DAY_MS = 86_400_000;

function lengthOf({ windowFrom, windowTo }: StoredProfile): "day" | "week" | "month" {
  const days = ((windowTo?.getTime() ?? 0) - (windowFrom?.getTime() ?? 0)) / DAY_MS;
  if (days <= 1) return "day";
  return days <= 7 ? "week" : "month";
}

function partsOf(profiles: readonly StoredProfile[], models: ReadonlyMap<string, string>, model: string | null) {
  const parts: Record<string, DriftSide> = {};
  const partProfiles: Record<string, string> = {};
  const byModel = new Map<string | null, Record<string, DriftSide>>();
  const own = (profile: StoredProfile) => models.get(profile.runId ?? "") ?? null;
  const untimed = profiles.filter(({ windowFrom }) => windowFrom === null);
  // Another model's split of the same feature says where that model's training rows are.
  const isOwn = model !== null && untimed.some((profile) => own(profile) === model);
  for (const profile of untimed) {
    const consumer = own(profile);
    const side = sideOf(profile);
    byModel.set(consumer, { ...byModel.get(consumer), [profile.part]: side });
    if (isOwn && consumer !== model) continue;
    parts[profile.part] = side;
    partProfiles[profile.part] = profile.id;
  }
  const consumers = [...byModel].flatMap(([consumer, { train, test }]): TrainAndTest[] =>
    train && test && (!isOwn || consumer === model) ? [{ model: consumer, train, test }] : [],
  );
  return { parts, partProfiles, consumers };
}

/** Run → the model that it registered a version of. */
async function modelsOfRuns(
  profiles: readonly StoredProfile[],
  db: Prisma | Transaction,
): Promise<Map<string, string>> {
  const runIds = [...new Set(profiles.flatMap(({ runId }) => runId ?? []))];
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
