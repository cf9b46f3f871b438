import type { ImpactItem } from "@/lib/contracts/change-plan";
import type { Transaction } from "@/lib/db/client";
import { MODEL_OWNER } from "../catalogue/model-owner";

/** What reads a feature, directly or through features made from it: stages, features, views, services, models. */
export async function findImpact(tx: Transaction, workspaceId: string, feature: string): Promise<ImpactItem[]> {
  const downstream = await downstreamColumns(tx, workspaceId, feature);
  const [stages, features, views, services, models] = [
    await readingStages(tx, workspaceId, downstream),
    await tx.feature.findMany({
      where: {
        workspaceId,
        retiredAt: null,
        declared: true,
        name: { in: downstream.filter((name) => name !== feature) },
      },
      select: { name: true, owner: true },
      orderBy: { name: "asc" },
    }),
    await tx.featureView.findMany({
      where: { workspaceId, retiredAt: null, features: { hasSome: downstream } },
      select: { name: true, owner: true, features: true, online: true },
      orderBy: { name: "asc" },
    }),
    await tx.featureService.findMany({
      where: { workspaceId, retiredAt: null },
      select: { name: true, owner: true, features: true },
      orderBy: { name: "asc" },
    }),
    await readingModels(tx, workspaceId, downstream),
  ];
  const how = (names: string[]) =>
    names.includes(feature) ? "reads it" : `through ${names.sort().slice(0, 3).join(", ")}`;
  const wire = new Map<string, string>(
    views.flatMap((view) =>
      view.features
        .filter((name) => downstream.includes(name))
        .map((name) => [`${view.name}:${name.slice(name.indexOf(".") + 1)}`, name] as const),
    ),
  );
  return [
    ...views.map((view) => ({
      kind: "view" as const,
      name: view.name,
      owner: view.owner,
      detail: `${how(view.features.filter((name) => downstream.includes(name)))}${view.online ? ", served online" : ""}`,
    })),
    ...services.flatMap((service) => {
      const names = service.features.flatMap((reference) => wire.get(reference) ?? []);
      return names.length === 0
        ? []
        : [{ kind: "service" as const, name: service.name, owner: service.owner, detail: how(names) }];
    }),
    ...models.map((model) => ({
      kind: "model" as const,
      name: model.name,
      owner: model.owner,
      detail: `${how(model.features)} (version ${model.versions.join(", ")})`,
    })),
    ...stages.map((stage) => ({
      kind: "stage" as const,
      name: stage.name,
      owner: stage.owner,
      detail: how(stage.columns),
    })),
    ...features.map((row) => ({ kind: "feature" as const, name: row.name, owner: row.owner, detail: "made from it" })),
  ];
}

/** The column itself and every column that the stages in force make from it. */
async function downstreamColumns(tx: Transaction, workspaceId: string, column: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ column: string }[]>`
    WITH RECURSIVE downstream("column") AS (
      SELECT ${column}
      UNION
      SELECT written."column"
      FROM downstream d
      JOIN "StageColumn" read ON read."workspaceId" = ${workspaceId} AND read."column" = d."column" AND read."role" <> 'output'
      JOIN "StageVersion" v ON v."id" = read."stageVersionId"
      JOIN "Stage" s ON s."id" = v."stageId" AND s."version" = v."version" AND s."retiredAt" IS NULL
      JOIN "StageColumn" written ON written."stageVersionId" = v."id" AND written."role" = 'output'
    )
    SELECT "column" FROM downstream`;
  return rows.map((row) => row.column);
}

async function readingStages(tx: Transaction, workspaceId: string, columns: string[]) {
  return tx.$queryRaw<{ name: string; owner: string; columns: string[] }[]>`
    SELECT s."name", s."owner", array_agg(DISTINCT c."column") AS "columns"
    FROM "StageColumn" c
    JOIN "StageVersion" v ON v."id" = c."stageVersionId"
    JOIN "Stage" s ON s."id" = v."stageId" AND s."version" = v."version" AND s."retiredAt" IS NULL
    WHERE c."workspaceId" = ${workspaceId} AND c."role" <> 'output' AND c."column" = ANY(${columns})
    GROUP BY s."name", s."owner" ORDER BY s."name"`;
}

/** Models whose latest verdicts name a version of one of the columns. */
async function readingModels(tx: Transaction, workspaceId: string, columns: string[]) {
  return tx.$queryRaw<{ name: string; owner: string; versions: number[]; features: string[] }[]>`
    SELECT m."name", max(${MODEL_OWNER}) AS "owner",
           array_agg(DISTINCT mv."version" ORDER BY mv."version") AS "versions",
           array_agg(DISTINCT f."name") AS "features"
    FROM "LeakageVerdict" l
    JOIN "FeatureVersion" fv ON fv."id" = l."featureVersionId"
    JOIN "Feature" f ON f."id" = fv."featureId"
    JOIN "ModelVersion" mv ON mv."id" = l."modelVersionId"
    JOIN "Model" m ON m."id" = mv."modelId"
    LEFT JOIN "Variant" va ON va."id" = mv."variantId"
    LEFT JOIN "Pipeline" p ON p."id" = va."pipelineId"
    WHERE f."workspaceId" = ${workspaceId} AND f."name" = ANY(${columns})
    GROUP BY m."name" ORDER BY m."name"`;
}
