import type { LineageEdge, LineageKind } from "@/lib/contracts/lineage";
import { prisma } from "@/lib/db/client";

export type Edge = LineageEdge;

export const idOf = (kind: LineageKind, name: string): string => `${kind}:${name}`;
export const kindOf = (id: string): string => id.slice(0, id.indexOf(":"));
export const nameOf = (id: string): string => id.slice(id.indexOf(":") + 1);

/** Every flow that begins or ends at one of the nodes. */
export async function edgesAround(workspaceId: string, ids: string[]): Promise<Edge[]> {
  const named = (kind: LineageKind) => ids.filter((id) => kindOf(id) === kind).map(nameOf);
  const [features, stages] = [named("feature"), named("stage")];
  const found = await Promise.all([
    stageEdges(workspaceId, features, stages),
    sourceEdges(workspaceId, features, named("source")),
    viewEdges(workspaceId, features, named("view")),
    serviceEdges(workspaceId, named("view"), named("service")),
    modelEdges(workspaceId, features, stages, named("model")),
  ]);
  return found.flat();
}

const isEmpty = (...lists: string[][]) => lists.every((list) => list.length === 0);

const STAGE_ROLES: Record<string, Edge["role"]> = { input: "reads", fitInput: "fits", output: "writes" };

async function stageEdges(workspaceId: string, features: string[], stages: string[]): Promise<Edge[]> {
  if (isEmpty(features, stages)) return [];
  // Two branches instead of an OR, so that each uses its own index.
  const rows = await prisma().$queryRaw<{ stage: string; column: string; role: string }[]>`
    SELECT s."name" AS "stage", c."column", c."role" FROM "StageColumn" c
    JOIN "StageVersion" v ON v."id" = c."stageVersionId" JOIN "Stage" s ON s."id" = v."stageId" AND s."version" = v."version"
    WHERE c."workspaceId" = ${workspaceId} AND c."column" = ANY(${features}) AND s."retiredAt" IS NULL
    UNION
    SELECT s."name", c."column", c."role" FROM "Stage" s
    JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version" JOIN "StageColumn" c ON c."stageVersionId" = v."id"
    WHERE s."workspaceId" = ${workspaceId} AND s."name" = ANY(${stages}) AND s."retiredAt" IS NULL`;
  return rows.map(({ stage, column, role }) => {
    const [from, to] = [idOf("feature", column), idOf("stage", stage)];
    const flow = STAGE_ROLES[role] ?? "reads";
    return flow === "writes" ? { from: to, to: from, role: flow } : { from, to, role: flow };
  });
}

async function sourceEdges(workspaceId: string, features: string[], sources: string[]): Promise<Edge[]> {
  if (isEmpty(features, sources)) return [];
  const rows = await prisma().$queryRaw<{ source: string; feature: string }[]>`
    SELECT v."source", f."name" AS "feature" FROM "Feature" f JOIN "FeatureVersion" v ON v."featureId" = f."id"
    WHERE f."workspaceId" = ${workspaceId} AND f."retiredAt" IS NULL AND v."source" IS NOT NULL
      AND (f."name" = ANY(${features}) OR v."source" = ANY(${sources}))`;
  return rows.map(({ source, feature }) => ({
    from: idOf("source", source),
    to: idOf("feature", feature),
    role: "contains",
  }));
}

async function viewEdges(workspaceId: string, features: string[], views: string[]): Promise<Edge[]> {
  if (isEmpty(features, views)) return [];
  const rows = await prisma().$queryRaw<{ view: string; feature: string }[]>`
    SELECT w."name" AS "view", t.feature FROM "FeatureView" w CROSS JOIN LATERAL unnest(w."features") AS t(feature)
    WHERE w."workspaceId" = ${workspaceId} AND w."retiredAt" IS NULL
      AND (t.feature = ANY(${features}) OR w."name" = ANY(${views}))`;
  return rows.map(({ view, feature }) => ({
    from: idOf("feature", feature),
    to: idOf("view", view),
    role: "contains",
  }));
}

async function serviceEdges(workspaceId: string, views: string[], services: string[]): Promise<Edge[]> {
  if (isEmpty(views, services)) return [];
  const rows = await prisma().$queryRaw<{ service: string; view: string }[]>`
    SELECT DISTINCT s."name" AS "service", split_part(t.ref, ':', 1) AS "view"
    FROM "FeatureService" s CROSS JOIN LATERAL unnest(s."features") AS t(ref)
    WHERE s."workspaceId" = ${workspaceId} AND s."retiredAt" IS NULL
      AND (split_part(t.ref, ':', 1) = ANY(${views}) OR s."name" = ANY(${services}))`;
  return rows.map(({ service, view }) => ({ from: idOf("view", view), to: idOf("service", service), role: "serves" }));
}

/** A model's newest version: the features that it reads, and the stage whose fit it is. */
async function modelEdges(
  workspaceId: string,
  features: string[],
  stages: string[],
  models: string[],
): Promise<Edge[]> {
  if (isEmpty(features, stages, models)) return [];
  const rows = await prisma().$queryRaw<{ model: string; feature: string | null; stage: string | null }[]>`
    WITH newest AS (
      SELECT DISTINCT ON (m."id") m."name" AS "model", mv."id", mv."fitId"
      FROM "Model" m JOIN "ModelVersion" mv ON mv."modelId" = m."id"
      WHERE m."workspaceId" = ${workspaceId} ORDER BY m."id", mv."version" DESC
    )
    SELECT n."model", f."name" AS "feature", NULL AS "stage" FROM newest n
    JOIN "LeakageVerdict" l ON l."modelVersionId" = n."id" JOIN "FeatureVersion" v ON v."id" = l."featureVersionId"
    JOIN "Feature" f ON f."id" = v."featureId"
    WHERE f."name" = ANY(${features}) OR n."model" = ANY(${models})
    UNION
    SELECT n."model", NULL, s."name" FROM newest n
    JOIN "Fit" t ON t."id" = n."fitId" JOIN "StageVersion" sv ON sv."id" = t."stageVersionId" JOIN "Stage" s ON s."id" = sv."stageId"
    WHERE s."name" = ANY(${stages}) OR n."model" = ANY(${models})`;
  return rows.map(({ model, feature, stage }) =>
    feature === null
      ? { from: idOf("stage", stage ?? ""), to: idOf("model", model), role: "fits" }
      : { from: idOf("feature", feature), to: idOf("model", model), role: "reads" },
  );
}
