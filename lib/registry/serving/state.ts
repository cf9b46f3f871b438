import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { type Environment, ENVIRONMENTS } from "@/lib/domain/environments";
import { valuesServedIn } from "@/lib/domain/serving/values-served";
import { prisma } from "@/lib/db/client";
import type { Alias } from "../models/aliases";
import { definitionOf } from "../stored-json";

/** Where one feature version's values are: a set of the online store and the place in its rows. */
export interface StoredColumn {
  setId: string;
  position: number;
}

export interface ServedView {
  name: string;
  entity: string;
  joinKeys: string[];
  /** Of the join keys, in their order. */
  keyTypes: ColumnType[];
  ttlSeconds: number;
  /** Bare feature name → feature. */
  features: Map<string, ServedFeature>;
}

export interface ServedFeature {
  column: string;
  type: ColumnType;
  /** What each environment's pointer names; absent where nothing was promoted. */
  pointers: Partial<Record<Environment, number>>;
  /** Version number → where the values are that each environment serves of it. A version without values is absent. */
  stored: Map<number, Partial<Record<Environment, StoredColumn>>>;
}

/** Everything that an online request needs to know, as of one moment. Immutable: a request is answered by one state, never by two. */
export interface ServingState {
  workspaceId: string;
  workspace: string;
  views: Map<string, ServedView>;
  /** Service → its `view:feature` references in order. */
  services: Map<string, string[]>;
  /** Models that have versions, by name. */
  models: Map<string, ModelNames>;
}

/** What of a model can be asked for. */
export interface ModelNames {
  /** Version number → id. */
  versions: Map<number, string>;
  /** Alias → version number. */
  aliases: Partial<Record<Alias, number>>;
}

/** Changes whenever an answer could: one cheap query, so that it may be asked twice a second. */
export async function servingRevision(): Promise<string> {
  const rows = await prisma().$queryRaw<{ revision: string }[]>`
    SELECT concat_ws('|',
      (SELECT concat(count(*), '@', max("updatedAt")) FROM "Pointer"),
      (SELECT concat(count(*), '@', max("createdAt")) FROM "Materialisation"),
      (SELECT concat(count(*), '@', max("updatedAt")) FROM "FeatureView"),
      (SELECT concat(count(*), '@', max("updatedAt")) FROM "FeatureService"),
      (SELECT concat(count(*), '@', max("updatedAt")) FROM "Entity"),
      (SELECT concat(count(*), '@', max("updatedAt")) FROM "ModelAlias"),
      (SELECT concat(count(*), '@', max("createdAt")) FROM "ModelVersion")) AS revision`;
  return rows[0]?.revision ?? "";
}

/** @param sets those that hold the version, the newest first */
function storedIn(
  sets: readonly { id: string; featureVersionIds: string[]; environment: string | null }[],
  versionId: string,
): Partial<Record<Environment, StoredColumn>> {
  return Object.fromEntries(
    ENVIRONMENTS.flatMap((environment) => {
      const set = valuesServedIn(environment, sets);
      return set ? [[environment, { setId: set.id, position: set.featureVersionIds.indexOf(versionId) }] as const] : [];
    }),
  );
}

function toModelNames({
  versions,
  aliases,
}: {
  versions: { id: string; version: number }[];
  aliases: { alias: string; modelVersionId: string }[];
}): ModelNames {
  const numberOf = new Map(versions.map(({ id, version }) => [id, version]));
  return {
    versions: new Map(versions.map(({ id, version }) => [version, id])),
    aliases: Object.fromEntries(aliases.map(({ alias, modelVersionId }) => [alias, numberOf.get(modelVersionId)])),
  };
}

/**
 * Reads the state of every workspace. Features of one view keep the view's order.
 * @param which views that are served online, or all of them
 */
export async function loadServingStates(which: "online" | "all" = "online"): Promise<Map<string, ServingState>> {
  const live = { retiredAt: null };
  const [workspaces, entities, views, services, features, materialisations, models] = await prisma().$transaction([
    prisma().workspace.findMany({ select: { id: true, name: true } }),
    prisma().entity.findMany({ where: live }),
    prisma().featureView.findMany({ where: { ...live, ...(which === "online" && { online: true }) } }),
    prisma().featureService.findMany({ where: live }),
    prisma().feature.findMany({
      where: live,
      include: {
        pointers: { include: { version: { select: { version: true } } } },
        versions: { select: { id: true, version: true } },
      },
    }),
    prisma().materialisation.findMany({ orderBy: { createdAt: "desc" } }),
    prisma().model.findMany({
      where: { versions: { some: {} } },
      select: {
        name: true,
        workspaceId: true,
        versions: { select: { id: true, version: true } },
        aliases: { select: { alias: true, modelVersionId: true } },
      },
    }),
  ]);
  return new Map(
    workspaces.map((workspace) => {
      const within = <Row extends { workspaceId: string }>(rows: Row[]) =>
        rows.filter((row) => row.workspaceId === workspace.id);
      const definitions = new Map(within(entities).map((row) => [row.name, definitionOf("Entity", row)]));
      const known = new Map(within(features).map((row) => [row.name, row]));
      const served = within(views).map((view): [string, ServedView] => {
        const sets = materialisations.filter((set) => set.viewId === view.id);
        const columns = definitionOf("FeatureView", view).features.map((column): [string, ServedFeature] => {
          const feature = known.get(column);
          return [
            column.slice(column.indexOf(".") + 1),
            {
              column,
              type: (feature?.type ?? "string") as ColumnType,
              pointers: Object.fromEntries(
                (feature?.pointers ?? []).map((pointer) => [pointer.environment, pointer.version.version]),
              ),
              stored: new Map(
                (feature?.versions ?? []).flatMap((version) => {
                  const having = sets.filter((candidate) => candidate.featureVersionIds.includes(version.id));
                  return having.length > 0 ? [[version.version, storedIn(having, version.id)] as const] : [];
                }),
              ),
            },
          ];
        });
        const keys = definitions.get(view.entity)?.joinKeys ?? [];
        return [
          view.name,
          {
            name: view.name,
            entity: view.entity,
            joinKeys: keys.map(({ name }) => name),
            keyTypes: keys.map(({ type }) => type),
            ttlSeconds: view.ttlSeconds,
            features: new Map(columns),
          },
        ];
      });
      const state: ServingState = {
        workspaceId: workspace.id,
        workspace: workspace.name,
        views: new Map(served),
        services: new Map(within(services).map((service) => [service.name, service.features])),
        models: new Map(within(models).map((model) => [model.name, toModelNames(model)])),
      };
      return [workspace.name, state];
    }),
  );
}
