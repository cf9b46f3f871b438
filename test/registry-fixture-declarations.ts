import { prisma } from "@/lib/db/client";
import { placeOf } from "@/lib/domain/definitions/source";
import { digestOf } from "@/lib/registry/record-event";
import { ENTITIES, PIPELINES, SERVICE, SOURCES, SPLITS, STAGES, VIEWS } from "./registry-fixture-definitions";
import { BY, type IdOf, json } from "./registry-fixture-rows";

/** One row for each declared object, except features; stages with their first version. */
export async function fillDeclarations(workspaceId: string, id: IdOf) {
  const db = prisma();
  const by = { createdBy: BY, updatedBy: BY };
  const common = (kind: string, definition: { name: string; description?: string }) => ({
    id: id(`${kind}/${definition.name}`),
    workspaceId,
    name: definition.name,
    description: definition.description ?? "",
    definition: json(definition),
    digest: digestOf(definition),
    ...by,
  });
  const owned = (definition: { owner?: string; tags?: string[] }) => ({
    owner: definition.owner ?? "",
    tags: definition.tags ?? [],
  });
  await db.entity.createMany({ data: ENTITIES.map((entity) => common("entity", entity)) });
  await db.source.createMany({
    data: SOURCES.map((source) => ({
      ...common("source", source),
      ...owned(source),
      entity: source.entity,
      format: source.format,
      location: placeOf(source),
    })),
  });
  await db.splitPolicy.createMany({ data: SPLITS.map((split) => ({ ...common("split", split), type: split.type })) });
  await db.featureView.createMany({
    data: VIEWS.map((view) => ({
      ...common("view", view),
      ...owned(view),
      entity: view.entity,
      features: view.features,
      ttlSeconds: view.ttlSeconds,
      online: view.online,
      schedule: view.schedule ?? null,
    })),
  });
  await db.featureService.create({
    data: { ...common("service", SERVICE), ...owned({ owner: SERVICE.owner }), features: SERVICE.features },
  });
  await db.pipeline.createMany({
    data: PIPELINES.map((pipeline) => ({
      ...common("pipeline", pipeline),
      ...owned(pipeline),
      outputs: pipeline.outputs,
    })),
  });
  for (const [position, stage] of STAGES.entries()) {
    const { definition, digest: stageDigest, ...row } = common("stage", stage);
    await db.stage.create({
      data: {
        ...row,
        ...owned(stage),
        definition,
        digest: stageDigest,
        entity: stage.entity,
        position,
        version: 1,
        versions: {
          create: {
            id: id(`stage-version/${stage.name}`),
            version: 1,
            kind: stage.estimator ? "estimator" : "transformer",
            operator: stage.estimator ?? (stage.transformer as string),
            class: stage.class ?? null,
            cost: stage.cost ?? 1,
            definition,
            digest: stageDigest,
            createdBy: BY,
            columns: {
              create: [
                ...stage.inputs.map((column, at) => ({ workspaceId, column, role: "input", position: at })),
                ...(stage.fitInputs ?? []).map((column, at) => ({
                  workspaceId,
                  column,
                  role: "fitInput",
                  position: at,
                })),
                ...stage.outputs.map(({ column, type }, at) => ({
                  workspaceId,
                  column,
                  type,
                  role: "output",
                  position: at,
                })),
              ],
            },
          },
        },
      },
    });
  }
}
