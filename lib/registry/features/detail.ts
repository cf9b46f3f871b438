import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Meta } from "@/lib/domain/definitions/documented";
import type { Environment } from "@/lib/domain/environments";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { ORDER } from "./documents";
import { exampleKeys } from "./example-keys";
import { featureIndex } from "./search-index";
import { loadReaders } from "./readers";
import { loadStrategies } from "./strategies";
import { findFeature, type FeatureRow } from "./row";
import { openScopeFor, type Scope } from "../scope";
import { definitionOf, writtenFilesOf } from "../stored-json";
import type { Prisma } from "@/lib/db/generated/client";

export async function getFeature(principal: Principal, workspace: string, name: string): Promise<FeatureDetail> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const row = await findFeature(scope, name);
  const [entity, nameOf, strategies, readers, keys, usages, values, index] = await Promise.all([
    prisma().entity.findUnique({ where: { workspaceId_name: { workspaceId: scope.workspace.id, name: row.entity } } }),
    actorNames(row.pointers.map((pointer) => pointer.updatedBy)),
    loadStrategies(scope, row, row.pointers),
    loadReaders(scope, row),
    exampleKeys(scope, row.entity),
    prisma().usage.count({ where: { featureVersion: { featureId: row.id } } }),
    newestValues(scope, row),
    featureIndex(scope.workspace),
  ]);
  const definition = definitionOf("Feature", row);
  const declared = entity && definitionOf("Entity", entity);
  const document = index.documents.get(row.id);
  return {
    name: row.name,
    entity: row.entity,
    type: row.type as FeatureDetail["type"],
    description: row.description,
    unit: definition.unit ?? null,
    expected: definition.expected ?? null,
    owner: row.owner,
    tags: row.tags,
    meta: row.meta as Meta,
    usedBy: document?.usedBy ?? [],
    picture: document?.picture ?? null,
    sensitivity: row.sensitivity as FeatureDetail["sensitivity"],
    deprecated: row.deprecated,
    documented: row.declared,
    definition: row.definition as Record<string, unknown>,
    joinKeys: declared?.joinKeys ?? [],
    eventTime: declared?.eventTime ?? null,
    exampleKeys: keys,
    pointers: ORDER.flatMap((environment) =>
      row.pointers
        .filter((pointer) => pointer.environment === environment)
        .map((pointer) => ({
          environment: environment as Environment,
          version: pointer.version.version,
          movedAt: pointer.updatedAt.toISOString(),
          movedBy: nameOf(pointer.updatedBy),
        })),
    ),
    lastComputed: document?.lastComputed ?? null,
    drift: document?.drift ?? null,
    leak: (document?.leak ?? null) as FeatureDetail["leak"],
    strategies: strategies.strategies,
    alternatives: strategies.alternatives,
    readers: readers.stages,
    views: readers.views,
    usages,
    values,
  };
}

/** Where the newest values are: a run's output, or the source's own file. */
async function newestValues(scope: Scope, feature: FeatureRow): Promise<FeatureDetail["values"]> {
  const written = await prisma().featureValues.findFirst({
    where: { featureVersion: { featureId: feature.id } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    include: { datasetVersion: true },
  });
  if (written) return toValues(written.datasetVersion, written.column);
  const source = await prisma().featureVersion.findFirst({
    where: { featureId: feature.id, source: { not: null } },
    orderBy: { version: "desc" },
    select: { source: true },
  });
  if (!source?.source) return null;
  const version = await prisma().datasetVersion.findFirst({
    where: { workspaceId: scope.workspace.id, dataset: source.source },
    orderBy: { version: "desc" },
    include: { source: { select: { definition: true } } },
  });
  if (!version) return null;
  const bare = splitColumn(feature.name)[1];
  const definition = version.source && definitionOf("Source", version.source);
  return toValues(version, definition?.columns.find((column) => column.name === bare)?.from ?? bare);
}

function toValues(
  dataset: { dataset: string; version: number; files: Prisma.JsonValue; rows: bigint },
  column: string,
): FeatureDetail["values"] {
  const [file] = writtenFilesOf(dataset.files);
  if (!file) return null;
  return { path: file.path, column, dataset: `${dataset.dataset}@${dataset.version}`, rows: Number(dataset.rows) };
}
