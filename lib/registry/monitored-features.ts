import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import type { Histogram } from "@/lib/domain/drift/histogram";
import type { MonitoredFeature, ProfiledWindow } from "@/lib/domain/monitors/evaluate-monitor";

interface Version {
  id: string;
  feature: string;
}

interface Stored {
  windows: Map<string, ProfiledWindow>;
  parts: Record<string, Histogram>;
}

/** What is stored of every feature that a monitor watches: each window's newest profile, and each part's. */
export async function loadMonitoredFeatures(
  workspaceId: string,
  monitor: Pick<MonitorDefinition, "view" | "model" | "environment">,
  db: Prisma | Transaction = prisma(),
): Promise<MonitoredFeature[]> {
  const versions = await watchedVersions(workspaceId, monitor, db);
  const profiles = await db.profile.findMany({
    where: {
      featureVersionId: { in: versions.map(({ id }) => id) },
      OR: [
        { part: "all", windowFrom: { not: null } },
        { part: { not: "all" }, windowFrom: null },
      ],
    },
    select: { featureVersionId: true, part: true, windowFrom: true, windowTo: true, histogram: true },
    // The newest profile of a window is the one that stays.
    orderBy: { createdAt: "asc" },
  });
  const byVersion = new Map<string, Stored>();
  for (const { featureVersionId, part, windowFrom, windowTo, histogram } of profiles) {
    const own: Stored = byVersion.get(featureVersionId as string) ?? { windows: new Map(), parts: {} };
    byVersion.set(featureVersionId as string, own);
    // Written by the engine's profile.
    const counts = histogram as unknown as Histogram;
    if (windowFrom && windowTo) {
      const from = windowFrom.toISOString();
      own.windows.set(from, { from, to: windowTo.toISOString(), histogram: counts });
    } else own.parts[part] = counts;
  }
  return versions.map(({ id, feature }) => {
    const own = byVersion.get(id);
    return {
      feature,
      versionId: id,
      windows: [...(own?.windows.values() ?? [])].sort((one, other) => (one.from < other.from ? -1 : 1)),
      parts: own?.parts ?? {},
    };
  });
}

async function watchedVersions(
  workspaceId: string,
  { view, model, environment }: Pick<MonitorDefinition, "view" | "model" | "environment">,
  db: Prisma | Transaction,
): Promise<Version[]> {
  if (view !== undefined) {
    const row = await db.featureView.findUnique({
      where: { workspaceId_name: { workspaceId, name: view } },
      select: { features: true },
    });
    const pointers = await db.pointer.findMany({
      where: { environment, feature: { workspaceId, name: { in: row?.features ?? [] } } },
      select: { versionId: true, feature: { select: { name: true } } },
      orderBy: { feature: { name: "asc" } },
    });
    return pointers.map((pointer) => ({ id: pointer.versionId, feature: pointer.feature.name }));
  }
  const newest = await db.modelVersion.findFirst({
    where: { model: { workspaceId, name: model ?? "" } },
    orderBy: { version: "desc" },
    select: {
      verdicts: { select: { featureVersion: { select: { id: true, feature: { select: { name: true } } } } } },
    },
  });
  return (newest?.verdicts ?? [])
    .map(({ featureVersion }) => ({ id: featureVersion.id, feature: featureVersion.feature.name }))
    .sort((one, other) => (one.feature < other.feature ? -1 : 1));
}
