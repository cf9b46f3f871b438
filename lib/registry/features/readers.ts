import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { prisma } from "@/lib/db/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { FeatureRow } from "./row";
import type { Scope } from "../scope";

/** Who reads a feature by declaration: stages, and views with the services that read through them. */
export async function loadReaders(
  scope: Scope,
  feature: FeatureRow,
): Promise<{ stages: FeatureDetail["readers"]; views: FeatureDetail["views"] }> {
  const stages = await prisma().$queryRaw<FeatureDetail["readers"]>`
    SELECT s."name" AS "stage", s."entity", v."operator", min(c."role") AS "role",
      (SELECT coalesce(array_agg(o."column" ORDER BY o."position"), '{}') FROM "StageColumn" o
        WHERE o."stageVersionId" = v."id" AND o."role" = 'output') AS "outputs"
    FROM "StageColumn" c JOIN "StageVersion" v ON v."id" = c."stageVersionId"
    JOIN "Stage" s ON s."id" = v."stageId" AND s."version" = v."version"
    WHERE c."workspaceId" = ${scope.workspace.id} AND c."column" = ${feature.name} AND c."role" <> 'output' AND s."retiredAt" IS NULL
    GROUP BY s."id", v."id" ORDER BY min(s."position")`;
  const views = await prisma().featureView.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null, features: { has: feature.name } },
    orderBy: { name: "asc" },
  });
  const references = views.map((view) => `${view.name}:${splitColumn(feature.name)[1]}`);
  const services = await prisma().featureService.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null, features: { hasSome: references } },
    orderBy: { name: "asc" },
  });
  return {
    stages,
    views: byUse(
      views.map((view, at) => ({
        view: view.name,
        online: view.online,
        ttlSeconds: view.ttlSeconds,
        reference: references[at] as string,
        services: services
          .filter((service) => service.features.includes(references[at] as string))
          .map((service) => service.name),
      })),
    ),
  };
}

/** The view that somebody would read it through comes first: online, already read by a service, with values that last longest. */
function byUse(views: FeatureDetail["views"]): FeatureDetail["views"] {
  const lasting = (view: FeatureDetail["views"][number]) => (view.ttlSeconds === 0 ? Infinity : view.ttlSeconds);
  return views.toSorted(
    (one, other) =>
      Number(other.online) - Number(one.online) ||
      Math.sign(other.services.length) - Math.sign(one.services.length) ||
      (lasting(one) === lasting(other) ? 0 : lasting(other) - lasting(one)),
  );
}
