import { prisma } from "@/lib/db/client";
import type { FeatureView, Prisma } from "@/lib/db/generated/client";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { valuesServedIn } from "@/lib/domain/serving/values-served";
import type { ComparedColumn } from "@/lib/domain/skew/count-skew";
import { anyParamsOf, definitionOf, writtenFilesOf } from "../stored-json";

interface Stored {
  datasetVersionId: string;
  /** Relative to the data folder. */
  paths: string[];
}

/** A feature of a view with where both sides of the version that an environment serves are. */
export interface ServedColumn extends Omit<ComparedColumn, "values"> {
  /** The newest set of the online store that has the version, with the files that it was copied from. */
  online: (Stored & { setId: string; position: number }) | null;
  /**
   * The files that the version was written to, the newest first: one that holds all rows, after those that windows were written to
   * since.
   */
  offline: (Stored & { column: string })[];
}

/** A view that is served online, with its entity; null for another, and for one that is retired or gone. */
export async function findOnlineView(id: string): Promise<{ view: FeatureView; entity: EntityDefinition } | null> {
  const view = await prisma().featureView.findUnique({ where: { id } });
  if (!view || view.retiredAt || !view.online) return null;
  const entity = await prisma().entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId: view.workspaceId, name: view.entity } },
    select: { definition: true },
  });
  return { view, entity: definitionOf("Entity", entity) };
}

/** The features of a view in its order. */
export async function servedColumns(
  view: Pick<FeatureView, "id" | "name" | "workspaceId" | "features">,
  environment: string,
): Promise<ServedColumn[]> {
  const features = await prisma().feature.findMany({
    where: { workspaceId: view.workspaceId, name: { in: view.features } },
    include: { pointers: { where: { environment }, include: { version: { select: { id: true, version: true } } } } },
  });
  const versionIds = features.flatMap(({ pointers }) => pointers.map(({ version }) => version.id));
  const sets = await prisma().materialisation.findMany({
    where: { viewId: view.id, featureVersionIds: { hasSome: versionIds } },
    orderBy: { createdAt: "desc" },
    include: { datasetVersion: true },
  });
  const written = await prisma().featureValues.findMany({
    where: { featureVersionId: { in: versionIds }, run: { state: "succeeded" } },
    orderBy: { createdAt: "desc" },
    include: { datasetVersion: true, run: { select: { params: true } } },
  });
  return view.features.map((name) => {
    const feature = features.find((one) => one.name === name);
    const version = feature?.pointers[0]?.version;
    const set =
      version &&
      valuesServedIn(
        environment,
        sets.filter(({ featureVersionIds }) => featureVersionIds.includes(version.id)),
      );
    const values = version
      ? filesServedIn(
          environment,
          written.filter(({ featureVersionId }) => featureVersionId === version.id),
        )
      : [];
    return {
      feature: name,
      version: version?.version ?? null,
      type: (feature?.type ?? "string") as ColumnType,
      isPersonal: feature?.sensitivity === "personal" || feature?.sensitivity === "special",
      reason: reasonOf(name, environment, { version: version?.version, isOnline: !!set, isOffline: values.length > 0 }),
      online: set
        ? { setId: set.id, position: set.featureVersionIds.indexOf(version.id), ...storedOf(set.datasetVersion) }
        : null,
      offline: values.map(({ column, datasetVersion }) => ({ column, ...storedOf(datasetVersion) })),
    };
  });
}

/** What an environment serves is the newest file, over what it was before where a file holds a window only. */
export function filesServedIn<Values extends { environment: string | null; run: { params: Prisma.JsonValue } }>(
  environment: string,
  newestFirst: readonly Values[],
): Values[] {
  const inOrder = [environment, null].flatMap((one) => newestFirst.filter((values) => values.environment === one));
  const whole = inOrder.findIndex(({ run }) => !anyParamsOf(run).window);
  return whole < 0 ? inOrder : inOrder.slice(0, whole + 1);
}

function storedOf({ id, files }: { id: string; files: Prisma.JsonValue }): Stored {
  return { datasetVersionId: id, paths: writtenFilesOf(files).map((file) => file.path) };
}

function reasonOf(
  name: string,
  environment: string,
  { version, isOnline, isOffline }: { version: number | undefined; isOnline: boolean; isOffline: boolean },
): string | null {
  if (version === undefined) return `${name} was never promoted to ${environment}.`;
  if (!isOffline) return `No run has written values of v${version}.`;
  if (!isOnline) return `v${version} was never copied to the online store: materialise the view.`;
  return null;
}
