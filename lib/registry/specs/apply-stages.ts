import type { Transaction } from "@/lib/db/client";
import { type StageDefinition, stageKind } from "@/lib/domain/definitions/stage";
import { estimatorClass, operatorName } from "@/lib/domain/operators/operator-table";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { behaviourOf } from "@/lib/domain/specs/stage-behaviour";
import { asJson } from "../catalogue/apply-rows";
import { digestOf } from "../record-event";
import type { Scope } from "../scope";

/**
 * Writes stages. A stage version is immutable: another behaviour is another version, and one that returns after it was retired
 * keeps counting. New stages are declared after all others, in the order of the documents.
 */
export async function applyStages(
  tx: Transaction,
  scope: Scope,
  differences: readonly SpecDifference[],
): Promise<void> {
  const mine = differences.filter(({ kind }) => kind === "Stage");
  if (mine.length === 0) return;
  const workspaceId = scope.workspace.id;
  const actor = scope.actor.id;
  const wanted = mine.flatMap(({ after }) => (after?.kind === "Stage" ? [after] : []));
  const known = await latestVersions(tx, workspaceId);

  const created = wanted.filter((stage) => !known.has(stage.name));
  const last = await tx.stage.aggregate({ where: { workspaceId }, _max: { position: true } });
  const first = (last._max.position ?? -1) + 1;
  const rows = await tx.stage.createManyAndReturn({
    data: created.map((stage, index) => ({
      workspaceId,
      name: stage.name,
      entity: stage.entity,
      ...document(stage),
      position: first + index,
      version: 1,
      createdBy: actor,
      updatedBy: actor,
    })),
    select: { id: true, name: true },
  });
  const idOf = new Map(rows.map((row) => [row.name, row.id]));
  const versions: { stageId: string; version: number; stage: StageDefinition }[] = created.map((stage) => ({
    stageId: idOf.get(stage.name) as string,
    version: 1,
    stage,
  }));

  for (const stage of wanted) {
    const before = known.get(stage.name);
    if (!before) continue;
    const isNew = before.digest !== digestOf(behaviourOf(stage));
    const version = isNew ? before.version + 1 : before.version;
    if (isNew) versions.push({ stageId: before.stageId, version, stage });
    await tx.stage.update({
      where: { id: before.stageId },
      data: { entity: stage.entity, ...document(stage), version, retiredAt: null, updatedBy: actor },
    });
  }
  await createVersions(tx, scope, versions);

  const retired = mine.flatMap(({ after, name }) => (after ? [] : [name]));
  if (retired.length > 0)
    await tx.stage.updateMany({
      where: { workspaceId, name: { in: retired } },
      data: { retiredAt: new Date(), updatedBy: actor },
    });
}

function document(stage: StageDefinition) {
  return {
    definition: asJson(stage),
    digest: digestOf(stage),
    description: stage.description ?? "",
    owner: stage.owner ?? "",
    tags: stage.tags ?? [],
    meta: stage.meta ?? {},
    tests: asJson(stage.tests ?? []),
  };
}

/** The latest version of every stage that ever was: it is the current one unless the stage is retired. */
async function latestVersions(tx: Transaction, workspaceId: string) {
  const rows = await tx.$queryRaw<{ name: string; stageId: string; version: number; digest: string }[]>`
    SELECT DISTINCT ON (s."id") s."name", s."id" AS "stageId", v."version", v."digest"
    FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id"
    WHERE s."workspaceId" = ${workspaceId}
    ORDER BY s."id", v."version" DESC`;
  return new Map(rows.map((row) => [row.name, row]));
}

async function createVersions(
  tx: Transaction,
  scope: Scope,
  versions: { stageId: string; version: number; stage: StageDefinition }[],
): Promise<void> {
  if (versions.length === 0) return;
  const rows = await tx.stageVersion.createManyAndReturn({
    data: versions.map(({ stageId, version, stage }) => ({
      stageId,
      version,
      kind: stageKind(stage),
      operator: operatorName(stage),
      class: estimatorClass(stage),
      cost: stage.cost ?? 1,
      definition: asJson(stage),
      digest: digestOf(behaviourOf(stage)),
      createdBy: scope.actor.id,
    })),
    select: { id: true, stageId: true },
  });
  const idOf = new Map(rows.map((row) => [row.stageId, row.id]));
  await tx.stageColumn.createMany({
    data: versions.flatMap(({ stageId, stage }) =>
      columnsOf(stage).map((column) => ({
        ...column,
        stageVersionId: idOf.get(stageId) as string,
        workspaceId: scope.workspace.id,
      })),
    ),
  });
}

function columnsOf(stage: StageDefinition): { column: string; role: string; type: string | null; position: number }[] {
  const reads = (role: string, columns: string[] = []) =>
    columns.map((column, position) => ({ column, role, type: null, position }));
  return [
    ...reads("input", stage.inputs),
    ...reads("fitInput", stage.fitInputs),
    ...stage.outputs.map(({ column, type }, position) => ({ column, role: "output", type, position })),
  ];
}
