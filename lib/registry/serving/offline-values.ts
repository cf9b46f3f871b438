import path from "node:path";
import { environment as settings } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { Environment } from "@/lib/domain/environments";
import type { HistoryView } from "@/lib/domain/joins/feature-history";
import { filesServedIn } from "../drift/skew-columns";
import { definitionOf, writtenFilesOf } from "../stored-json";

export interface OfflineFeature {
  /** `entity.column`. */
  feature: string;
  version: number;
  environment: Environment;
}

export interface OfflineValues extends OfflineFeature {
  sensitivity: string;
  /** The newest first, each with the column that has the values; empty where no run that counts has written the version. */
  files: (Omit<HistoryView["files"][number], "columns"> & {
    column: string;
    /** The version that the file is of. */
    of: { dataset: string; version: number; digest: string };
  })[];
  /** Whether runs wrote the version, and all that they wrote is in quarantine. */
  isQuarantined: boolean;
}

/**
 * Where the values of feature versions are, in the order asked. Of what an environment serves these are the files that the online
 * store would be filled from; of what was known when, every file of the version, for a later one may correct an earlier one. Values
 * in quarantine count as not written.
 * @param asOf only what had been written by then
 */
export async function findOfflineValues(
  workspaceId: string,
  wanted: readonly OfflineFeature[],
  knowledge: "event" | "created",
  asOf?: Date,
): Promise<OfflineValues[]> {
  const versions = await prisma().featureVersion.findMany({
    where: {
      OR: wanted.map(({ feature, version }) => ({ version, feature: { workspaceId, name: feature } })),
    },
    include: {
      feature: { select: { name: true, sensitivity: true } },
      values: {
        where: { run: { state: "succeeded" }, ...(asOf && { datasetVersion: { createdAt: { lte: asOf } } }) },
        orderBy: { createdAt: "desc" },
        include: { datasetVersion: true, run: { select: { params: true } } },
      },
    },
  });
  return wanted.map((one) => {
    const found = versions.find(({ feature, version }) => feature.name === one.feature && version === one.version);
    const written = found?.values ?? [];
    const sound = written.filter(({ datasetVersion }) => datasetVersion.quarantinedAt === null);
    const counting =
      knowledge === "event"
        ? filesServedIn(one.environment, sound)
        : sound.filter(({ environment }) => environment === null || environment === one.environment);
    return {
      ...one,
      sensitivity: found?.feature.sensitivity ?? "none",
      files: counting.flatMap((values) => filesOfValues(values)),
      isQuarantined: written.length > 0 && sound.length === 0,
    };
  });
}

/** Where the values of one feature version are that one run wrote. */
export function filesOfValues({
  datasetVersion,
  column,
  fingerprint,
}: Prisma.FeatureValuesGetPayload<{ include: { datasetVersion: true } }>): OfflineValues["files"] {
  const { dataset, version, digest } = datasetVersion;
  return writtenFilesOf(datasetVersion.files).map((file) => ({
    column,
    path: path.resolve(settings().TRIBUTARY_DATA, file.path),
    created: BigInt(datasetVersion.createdAt.getTime()) * 1000n,
    // Such values were found to have one row for each key and event time.
    isUnique: fingerprint !== null,
    of: { dataset, version, digest },
  }));
}

/** The entities of views by the views' names. */
export async function entitiesOfViews(
  workspaceId: string,
  views: readonly string[],
): Promise<Map<string, EntityDefinition>> {
  const rows = await prisma().featureView.findMany({
    where: { workspaceId, name: { in: [...views] } },
    select: { name: true, entity: true },
  });
  const entities = await prisma().entity.findMany({
    where: { workspaceId, name: { in: rows.map(({ entity }) => entity) } },
  });
  return new Map(
    rows.flatMap((view) => {
      const entity = entities.find(({ name }) => name === view.entity);
      return entity ? [[view.name, definitionOf("Entity", entity)] as const] : [];
    }),
  );
}
