import type { ViewDetail } from "@/lib/contracts/views";
import { prisma } from "@/lib/db/client";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor, type Scope } from "../scope";
import { definitionOf } from "../stored-json";
import { writeSpec } from "@/lib/contracts/spec-documents-write";

/** A view by name. Throws `not_found`. */
export async function findView(scope: Scope, name: string) {
  const row = await prisma().featureView.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!row || row.retiredAt)
    throw new DomainError("not_found", `There is no feature view \`${name}\` in ${scope.workspace.name}.`, {
      view: name,
    });
  return row;
}

/** A feature view with what is served of it. Throws `not_found`. */
export async function getView(principal: Principal, workspace: string, name: string): Promise<ViewDetail> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const view = await findView(scope, name);
  const workspaceId = scope.workspace.id;
  const [features, services, last] = await Promise.all([
    prisma().feature.findMany({
      where: { workspaceId, name: { in: view.features } },
      include: { pointers: { include: { version: { select: { version: true } } } } },
    }),
    prisma().featureService.findMany({ where: { workspaceId, retiredAt: null }, orderBy: { name: "asc" } }),
    prisma().materialisation.findFirst({
      where: { viewId: view.id },
      orderBy: { createdAt: "desc" },
      include: { run: { select: { number: true } }, datasetVersion: { select: { dataset: true, version: true } } },
    }),
  ]);
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return {
    name: view.name,
    entity: view.entity,
    description: view.description,
    owner: view.owner,
    tags: view.tags,
    ttlSeconds: view.ttlSeconds,
    online: view.online,
    schedule: view.schedule,
    features: view.features.map((feature) => {
      const known = byName.get(feature);
      return {
        name: feature,
        type: (known?.type ?? null) as ViewDetail["features"][number]["type"],
        description: known?.description ?? "",
        served: furthest(known?.pointers ?? []),
      };
    }),
    services: services
      .map((service) => definitionOf("FeatureService", service))
      .filter((service) => service.features.some((reference) => reference.startsWith(`${name}:`)))
      .map((service) => service.name),
    lastMaterialisation: last && {
      at: last.createdAt.toISOString(),
      rows: Number(last.rows),
      runId: last.runId,
      runNumber: last.run.number,
      dataset: last.datasetVersion.dataset,
      version: last.datasetVersion.version,
    },
    yaml: writeSpec(definitionOf("FeatureView", view)),
  };
}

function furthest(
  pointers: readonly { environment: string; version: { version: number } }[],
): ViewDetail["features"][number]["served"] {
  for (const environment of ENVIRONMENTS.toReversed()) {
    const pointer = pointers.find((candidate) => candidate.environment === environment);
    if (pointer) return { environment, version: pointer.version.version };
  }
  return null;
}
