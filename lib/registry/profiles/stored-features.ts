import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { addSides, type DriftSide } from "@/lib/domain/drift/drift-side";
import { DomainError } from "@/lib/domain/errors";
import { groupBy } from "@/lib/domain/group-by";
import type { TrainAndTest } from "@/lib/domain/monitors/calibrate";
import { coveringProfiles } from "@/lib/domain/monitors/covering-profiles";
import type { MonitoredFeature } from "@/lib/domain/monitors/evaluate-monitor";
import type { ProfiledWindow } from "@/lib/domain/monitors/measure-windows";
import { PERSONAL, withholdValues } from "../access/personal-values";
import { readProfiles, type StoredProfile, type VersionProfiles } from "./stored-profiles";
import { anyParamsOf } from "../stored-json";

/** A feature version by the name of its feature. */
export interface Version {
  id: string;
  feature: string;
}

/** The profile of a window. */
export type StoredWindow = StoredProfile & ProfiledWindow & { days: number };

/** Everything that is stored of one watched feature version. */
export interface StoredFeature extends MonitoredFeature {
  windows: StoredWindow[];
  parts: Readonly<Record<string, StoredProfile>>;
  /** Whether the windows are of predict runs. */
  isServing: boolean;
}

/** The part of profiles that predict runs write. */
const SERVING = "serving";

interface ReadOptions {
  /** The model whose serving windows and split count. */
  model: string | null;
  /** What `readProfiles` says. */
  withFigures: boolean;
}

/** What is stored of feature versions, in their order and a few at a time: each window's newest profile, and each part's. */
export async function* readFeatures(
  versions: readonly Version[],
  { model, withFigures }: ReadOptions,
  db: Prisma | Transaction = prisma(),
): AsyncGenerator<StoredFeature[]> {
  const ids = versions.map(({ id }) => id);
  const nameOf = new Map(versions.map(({ id, feature }) => [id, feature]));
  const runs = new RunFacts(db);
  for await (const some of readShown(ids, { withFigures }, db)) {
    await runs.load(some);
    yield some.map(({ versionId, profiles }): StoredFeature => ({
      feature: nameOf.get(versionId) as string,
      versionId,
      ...windowsOf(profiles, model !== null, runs.ranges),
      ...partsOf(profiles, runs.models, model),
    }));
  }
}

/** Gives columns of a source that have no windows of time their dataset versions as windows. */
export async function takeVersions(
  features: readonly StoredFeature[],
  { withFigures }: Pick<ReadOptions, "withFigures">,
  db: Prisma | Transaction,
): Promise<void> {
  const untimed = new Map(
    features.flatMap((feature) => (feature.windows.length === 0 ? [[feature.versionId, feature]] : [])),
  );
  for await (const some of readShown([...untimed.keys()], { kind: "versions", withFigures }, db))
    for (const { versionId, profiles } of some)
      Object.assign(untimed.get(versionId) as StoredFeature, windowsOf(profiles, false));
}

/** Profiles as verdicts and alerts show them, which are read by many: what they say of a person's data never names a value. */
async function* readShown(
  ids: string[],
  options: Parameters<typeof readProfiles>[1],
  db: Prisma | Transaction,
): AsyncGenerator<VersionProfiles[]> {
  const personal = await personalVersions(ids, db);
  for await (const some of readProfiles(ids, options, db)) {
    for (const version of some)
      if (personal.has(version.versionId)) version.profiles = version.profiles.map(withholdValues);
    yield some;
  }
}

async function personalVersions(ids: string[], db: Prisma | Transaction): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT v."id" FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE v."id" = ANY(${ids}) AND f."sensitivity" = ANY(${PERSONAL})`;
  return new Set(rows.map(({ id }) => id));
}

type Ranges = RunFacts["ranges"];

function windowsOf(
  profiles: readonly StoredProfile[],
  prefersServing: boolean,
  ranges: Ranges = new Map(),
): { windows: StoredWindow[]; isServing: boolean } {
  const timed = profiles.filter(isTimed);
  const serving = prefersServing ? timed.filter(({ part }) => part === SERVING) : [];
  const chosen = serving.length > 0 ? serving : timed.filter(({ part }) => part === "all");
  // Profiled by month and later by week: windows of two lengths would overlap, and the newest length counts.
  const newest = chosen.at(-1);
  const ofLength = newest ? chosen.filter((window) => lengthOf(window) === lengthOf(newest)) : [];
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

function lengthOf({ days }: StoredWindow): "day" | "week" | "month" {
  if (days <= 1) return "day";
  return days <= 7 ? "week" : "month";
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

/** What is known of the runs that made profiles: many features share a few runs. */
class RunFacts {
  /** Run → the model that it registered a version of. */
  readonly models = new Map<string, string>();
  /** Run → the range of event time that it was asked for; without one it took all rows. */
  readonly ranges = new Map<string, readonly [from: string, to: string]>();
  private readonly known = new Set<string>();

  constructor(private readonly db: Prisma | Transaction) {}

  async load(versions: readonly VersionProfiles[]): Promise<void> {
    const unknown: string[] = [];
    for (const { profiles } of versions)
      for (const { runId } of profiles) {
        if (runId === null || this.known.has(runId)) continue;
        this.known.add(runId);
        unknown.push(runId);
      }
    if (unknown.length === 0) return;
    const versionsOf = await this.db.modelVersion.findMany({
      where: { runId: { in: unknown } },
      select: { runId: true, model: { select: { name: true } } },
    });
    for (const { runId, model } of versionsOf) if (runId !== null) this.models.set(runId, model.name);
    const runs = await this.db.run.findMany({ where: { id: { in: unknown } }, select: { id: true, params: true } });
    for (const { id, params } of runs) {
      const { window } = anyParamsOf({ params });
      if (!window) continue;
      const [from, to] = window.map((at) => new Date(at).toISOString()) as [string, string];
      this.ranges.set(id, [from, to]);
    }
  }
}
