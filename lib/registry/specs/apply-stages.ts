import type { Prisma } from "@/lib/db/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
import type { NewRow } from "@/lib/db/write-rows";
import { type StageDefinition, stageKind } from "@/lib/domain/definitions/stage";
import { estimatorClass, operatorName } from "@/lib/domain/operators/operator-table";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { behaviourOf } from "@/lib/domain/specs/stage-behaviour";
import type { RowWrites, Writer } from "./apply-rows";
import { digestOf } from "../record-event";
import { asJson } from "../stored-json";

export interface StageWrites {
  rows: RowWrites<"Stage">;
  versions: NewRow<"StageVersion">[];
  columns: NewRow<"StageColumn">[];
  /** The stages as they are to be, in declaration order. */
  after: StageDefinition[];
}

/**
 * What the differences write of stages. A stage version is immutable: another behaviour is another version, and one that returns after
 * it was retired keeps counting. New stages are declared after all others, in the order of the documents.
 * @param present the live stages in declaration order
 */
export async function stageWrites(
  db: Prisma,
  { workspaceId, actor, at }: Writer,
  differences: readonly SpecDifference[],
  present: readonly StageDefinition[],
): Promise<StageWrites> {
  const writes: StageWrites = {
    rows: { table: "Stage", created: [], changed: [], retired: [] },
    versions: [],
    columns: [],
    after: [...present],
  };
  const mine = differences.filter(({ kind }) => kind === "Stage");
  if (mine.length === 0) return writes;
  const known = await latestVersions(db, workspaceId);
  let last = Math.max(-1, ...[...known.values()].map(({ position }) => position));
  const live = new Map(present.map((stage) => [stage.name, stage]));
  const positions = new Map([...known].map(([name, { position }]) => [name, position]));

  for (const { name, after } of mine) {
    const before = known.get(name);
    const changed = { updatedAt: at, updatedBy: actor };
    if (after?.kind !== "Stage") {
      live.delete(name);
      if (before) writes.rows.retired.push({ id: before.id, retiredAt: at, ...changed });
      continue;
    }
    live.set(name, after);
    const digest = digestOf(behaviourOf(after));
    const isNew = before?.digest !== digest;
    const id = before?.id ?? uuidV7();
    const definitionVersionId = uuidV7();
    const version = isNew ? (before?.last ?? 0) + 1 : before.version;
    const row = { id, ...document(after), version, retiredAt: null, ...changed };
    if (before) writes.rows.changed.push({ ...row, definitionVersionId });
    else {
      positions.set(name, ++last);
      writes.rows.created.push({ ...row, definitionVersionId, workspaceId, name, position: last, createdBy: actor });
    }
    if (!isNew) continue;
    const stageVersionId = uuidV7();
    writes.versions.push({
      id: stageVersionId,
      stageId: id,
      version,
      kind: stageKind(after),
      operator: operatorName(after),
      class: estimatorClass(after),
      cost: after.cost ?? 1,
      definition: asJson(after),
      digest,
      // The trigger's to fill in, except for a new stage.
      definitionVersionId: before ? "" : definitionVersionId,
      createdBy: actor,
    });
    for (const column of columnsOf(after))
      writes.columns.push({ id: uuidV7(), ...column, stageVersionId, workspaceId });
  }
  const positionOf = ({ name }: StageDefinition) => positions.get(name) ?? 0;
  writes.after = [...live.values()].sort(
    (a, b) => positionOf(a) - positionOf(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  return writes;
}

function document(stage: StageDefinition) {
  return {
    entity: stage.entity,
    definition: asJson(stage),
    digest: digestOf(stage),
    description: stage.description ?? "",
    owner: stage.owner ?? "",
    tags: stage.tags ?? [],
    meta: stage.meta ?? {},
    tests: asJson(stage.tests ?? []),
  };
}

interface LatestVersion {
  name: string;
  id: string;
  position: number;
  version: number;
  digest: string;
  /** The highest number that a version of it has. */
  last: number;
}

/** The version of every stage that ever was which plans use, or used until it was retired. Searches of runs make others. */
async function latestVersions(db: Prisma, workspaceId: string): Promise<Map<string, LatestVersion>> {
  const rows = await db.$queryRaw<LatestVersion[]>`
    SELECT s."name", s."id", s."position", v."version", v."digest",
      (SELECT max(o."version") FROM "StageVersion" o WHERE o."stageId" = s."id") AS "last"
    FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version"
    WHERE s."workspaceId" = ${workspaceId}`;
  return new Map(rows.map((row) => [row.name, row]));
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
