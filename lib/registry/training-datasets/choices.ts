import { prisma } from "@/lib/db/client";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import { partNames } from "@/lib/domain/definitions/split-rule";
import type { Principal } from "@/lib/domain/principal";
import { loadCurrent } from "../definitions/current";
import { openScopeFor } from "../scope";

/** What a training dataset may be made from, for the form that asks. */
export interface TrainingChoices {
  services: { name: string; description: string; features: string[] }[];
  /** As `view:column`, with the feature that it is and what was written about it. */
  features: { reference: string; feature: string; description: string }[];
  /** Those that have data. */
  sources: {
    name: string;
    timeColumn: string | null;
    columns: { name: string; type: ColumnType }[];
    versions: number[];
  }[];
  policies: { name: string; type: string; parts: string[] }[];
  /** By view: the join keys that its features need. */
  keys: Record<string, { entity: string; key: string }[]>;
}

const MOST_VERSIONS = 50;

export async function listTrainingChoices(principal: Principal, workspaceName: string): Promise<TrainingChoices> {
  const { workspace } = await openScopeFor(principal, workspaceName, "feature:read");
  const workspaceId = workspace.id;
  const current = await loadCurrent(workspaceId, ["Entity", "Source", "FeatureService", "SplitPolicy"]);
  const views = await prisma().featureView.findMany({
    where: { workspaceId, retiredAt: null },
    orderBy: { name: "asc" },
    select: { name: true, entity: true, features: true },
  });
  const described = await prisma().feature.findMany({
    where: { workspaceId, name: { in: views.flatMap(({ features }) => features) } },
    select: { name: true, description: true },
  });
  const descriptions = new Map(described.map(({ name, description }) => [name, description]));
  const versions = await prisma().datasetVersion.findMany({
    where: { workspaceId, sourceId: { not: null } },
    orderBy: { version: "desc" },
    select: { dataset: true, version: true },
  });
  const keysOf = (entity: string) =>
    current.flatMap(({ definition }) =>
      definition.kind === "Entity" && definition.name === entity
        ? definition.joinKeys.map(({ name }) => ({ entity, key: name }))
        : [],
    );
  return {
    services: current.flatMap(({ definition }) =>
      definition.kind === "FeatureService"
        ? [{ name: definition.name, description: definition.description ?? "", features: definition.features }]
        : [],
    ),
    features: views.flatMap((view) =>
      view.features.map((feature) => ({
        reference: `${view.name}:${feature.slice(feature.indexOf(".") + 1)}`,
        feature,
        description: descriptions.get(feature) ?? "",
      })),
    ),
    sources: current.flatMap(({ definition }) => {
      if (definition.kind !== "Source") return [];
      const own = versions.filter(({ dataset }) => dataset === definition.name).slice(0, MOST_VERSIONS);
      if (own.length === 0) return [];
      const columns = definition.columns.map(({ name, type }) => ({ name, type }));
      return [{ name: definition.name, timeColumn: definition.timeColumn ?? null, columns, versions: own.map(({ version }) => version) }]; // prettier-ignore
    }),
    policies: current.flatMap(({ definition }) =>
      definition.kind === "SplitPolicy"
        ? [{ name: definition.name, type: definition.type, parts: partNames(definition) }]
        : [],
    ),
    keys: Object.fromEntries(views.map(({ name, entity }) => [name, keysOf(entity)])),
  };
}
