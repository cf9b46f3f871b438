import type { z } from "zod";
import type { compareDrift } from "@/lib/contracts/drift";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { DomainError } from "@/lib/domain/errors";
import { newestReading } from "../models/newest-reading";

/** What chooses features and how they are compared, without what only a map asks for. */
export type DriftQuestion = Omit<z.output<(typeof compareDrift)["query"]>, "feature" | "window">;

/** A feature version that is served or read, as people know it. */
export interface DriftFacts {
  id: string;
  feature: string;
  entity: string;
  owner: string;
  type: string;
  version: number;
  views: string[];
  /** Whether a model or a feature service reads this version. */
  isRead: boolean;
}

export interface DriftScope {
  versions: DriftFacts[];
  /** Every feature view of the workspace. */
  views: string[];
  model: { name: string; version: number } | null;
}

/** The feature versions that are asked about, by name; a feature that is asked for by its name need not be documented. */
export async function findDriftScope(
  workspaceId: string,
  {
    environment,
    view,
    model,
    feature: named,
  }: Pick<DriftQuestion, "view" | "model"> & { environment: string; feature?: string | undefined },
): Promise<DriftScope> {
  const views = await prisma().featureView.findMany({
    where: { workspaceId, retiredAt: null },
    select: { name: true, features: true },
    orderBy: { name: "asc" },
  });
  const chosen = view === undefined ? null : views.find(({ name }) => name === view);
  if (chosen === undefined)
    throw new DomainError("not_found", `There is no feature view \`${view}\`.`, {
      views: views.map(({ name }) => name),
    });
  const reading = model === undefined ? null : await newestReading(workspaceId, model);
  if (model !== undefined && !reading)
    throw new DomainError("not_found", `There is no model \`${model}\` with a version.`);
  const chosenIds = reading
    ? Prisma.sql`v."id" = ANY(${reading.reads.map(({ id }) => id)})`
    : servedIn(workspaceId, environment, named);
  const found = await prisma().$queryRaw<Omit<DriftFacts, "views">[]>`
    SELECT v."id", f."name" AS "feature", f."entity", f."owner", f."type", v."version",
      EXISTS (SELECT 1 FROM "LeakageVerdict" l WHERE l."featureVersionId" = v."id") AS "isRead"
    FROM "FeatureVersion" v JOIN "Feature" f ON f."id" = v."featureId"
    WHERE ${chosenIds} ORDER BY f."name"`;
  const services = await prisma().featureService.findMany({
    where: { workspaceId, retiredAt: null },
    select: { features: true },
  });
  // A service names a column of a view.
  const served = new Set(services.flatMap(({ features }) => features));
  const wanted = chosen && new Set(chosen.features);
  const viewsOf = new Map<string, string[]>();
  for (const { name, features } of views)
    for (const feature of features) viewsOf.set(feature, [...(viewsOf.get(feature) ?? []), name]);
  return {
    versions: found
      .filter(({ feature }) => wanted?.has(feature) ?? true)
      .map((facts) => {
        const own = viewsOf.get(facts.feature) ?? [];
        const column = facts.feature.slice(facts.feature.indexOf(".") + 1);
        return { ...facts, views: own, isRead: facts.isRead || own.some((name) => served.has(`${name}:${column}`)) };
      }),
    views: views.map(({ name }) => name),
    model: reading && model !== undefined ? { name: model, version: reading.version } : null,
  };
}

/** The versions that an environment points to, of declared features. */
function servedIn(workspaceId: string, environment: string, named = ""): Prisma.Sql {
  return Prisma.sql`f."workspaceId" = ${workspaceId} AND f."retiredAt" IS NULL AND (f."declared" OR f."name" = ${named})
    AND EXISTS (SELECT 1 FROM "Pointer" p WHERE p."featureId" = f."id" AND p."environment" = ${environment} AND p."versionId" = v."id")`;
}
