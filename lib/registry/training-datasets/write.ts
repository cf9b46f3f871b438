/** Everything that is written of training datasets. Their rows are files: whoever makes or drops one does so beside these functions. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { TrainingVerdict } from "@/lib/contracts/training-datasets";
import { environment as settings } from "@/lib/config/environment";
import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { RULES_VERSION } from "@/lib/domain/leakage/rules-version";
import { rowsByRole, rowsOfRole } from "@/lib/domain/training-datasets/rows-of-role";
import { recipeText, trainingColumns, type TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe";
import type { FrozenTraining } from "@/lib/domain/training-datasets/training-rows";
import type { Principal } from "@/lib/domain/principal";
import { recordEvent, sha256 } from "../record-event";
import { openScopeFor, type Scope } from "../scope";
import { asJson } from "../stored-json";
import { cacheFile, findTrainingDataset, namesOf, type TrainingRow } from "./row";
import type { TrainingRef } from "./training-datasets";

export interface NewTrainingDataset {
  name: string;
  description: string;
  recipe: TrainingRecipe;
  frozen: FrozenTraining;
  verdicts: TrainingVerdict[];
  /** Parquet with the rows, below the data folder. */
  file: string;
  /** What made the rows, with its version. */
  engine: string;
}

/** Throws `conflict` for a name that a training dataset has or had. */
export async function assertNameFree(
  { workspace }: Scope,
  name: string,
  db: Prisma | Transaction = prisma(),
): Promise<void> {
  const taken = await db.trainingDataset.findUnique({
    where: { workspaceId_name: { workspaceId: workspace.id, name } },
  });
  if (!taken) return;
  throw new DomainError(
    "conflict",
    taken.deletedAt === null
      ? `There is a training dataset \`${name}\` already. What it is never changes: take another name.`
      : `\`${name}\` was the name of a training dataset that was deleted. Whoever quotes it means that one: take another name.`,
  );
}

/** Writes the row, what was used for what, and the event. */
export async function insertTrainingDataset(scope: Scope, made: NewTrainingDataset): Promise<TrainingRow> {
  const { name, description, recipe, frozen, verdicts, file, engine } = made;
  const { rows, digest: contentDigest, bytes, spine, parts, statuses } = frozen;
  const recipeDigest = sha256(recipeText(recipe));
  return prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`training:${scope.workspace.id}:${name}`}, 0))`;
    await assertNameFree(scope, name, tx);
    const row = await tx.trainingDataset.create({
      data: {
        workspaceId: scope.workspace.id,
        name,
        description,
        recipe: asJson(recipe),
        recipeDigest,
        contentDigest,
        rows: BigInt(rows),
        columns: asJson(trainingColumns(recipe)),
        facts: asJson({ spine, parts, statuses, engine }),
        verdicts: asJson(verdicts),
        rules: RULES_VERSION,
        cache: path.relative(settings().TRIBUTARY_DATA, file),
        cacheBytes: BigInt(bytes),
        createdBy: scope.actor.id,
      },
    });
    await recordUses(tx, scope, row, made);
    await recordEvent(tx, scope, {
      action: "training.freeze",
      object: `training-dataset/${name}`,
      after: { recipeDigest, contentDigest, rows, spine: `${recipe.spine.source}@${recipe.spine.version}` },
    });
    return row;
  });
}

/** The ledger: every feature version, in every role that has rows. */
async function recordUses(
  tx: Transaction,
  scope: Scope,
  row: TrainingRow,
  { recipe, frozen }: NewTrainingDataset,
): Promise<void> {
  const versions = await tx.featureVersion.findMany({
    where: {
      OR: recipe.features.map(({ feature, version }) => ({
        version,
        feature: { name: feature, workspaceId: scope.workspace.id },
      })),
    },
    select: { id: true },
  });
  await tx.usage.createMany({
    data: versions.flatMap(({ id }) =>
      rowsByRole(recipe, frozen).map(({ role, rows }) => ({
        workspaceId: scope.workspace.id,
        featureVersionId: id,
        trainingDatasetId: row.id,
        consumer: row.name,
        role,
        mode: "applied",
        rowSet: asJson(rowsOfRole(recipe, role)),
        rows: BigInt(rows),
        actor: scope.actor.id,
      })),
    ),
  });
}

/** Where rows that were made again are from now on. The file that they were in before is removed. */
export async function keepCache(scope: Scope, row: TrainingRow, file: string, bytes: number): Promise<void> {
  const cache = path.relative(settings().TRIBUTARY_DATA, file);
  const before = await prisma().$transaction(async (tx) => {
    const current = await lock(tx, scope, row.name);
    await tx.trainingDataset.update({ where: { id: row.id }, data: { cache, cacheBytes: BigInt(bytes) } });
    await recordEvent(tx, scope, {
      action: "training.recompute",
      object: `training-dataset/${row.name}`,
      after: { contentDigest: row.contentDigest },
    });
    return cacheFile(current);
  });
  if (before !== null && before !== file) await rm(before, { force: true });
}

/** Forgets and removes the kept rows; nothing happens when there are none. */
export async function dropCache(principal: Principal, ref: TrainingRef): Promise<void> {
  const scope = await openScopeFor(principal, ref.workspace, "training:edit");
  const file = await prisma().$transaction(async (tx) => {
    const row = await lock(tx, scope, ref.name);
    if (row.cache === null) return null;
    await tx.trainingDataset.update({ where: { id: row.id }, data: { cache: null, cacheBytes: null } });
    await recordEvent(tx, scope, { action: "training.drop-cache", object: `training-dataset/${row.name}` });
    return cacheFile(row);
  });
  if (file !== null) await rm(file, { force: true });
}

/** Throws `conflict` with what names it. The row stays, for the ledger and for whoever meets the name. */
export async function deleteTrainingDataset(principal: Principal, ref: TrainingRef): Promise<void> {
  const scope = await openScopeFor(principal, ref.workspace, "training:edit");
  const file = await prisma().$transaction(async (tx) => {
    const row = await lock(tx, scope, ref.name);
    const names = await namesOf(tx, scope.workspace.id, row.name);
    if (names.length > 0)
      throw new DomainError("conflict", `Training dataset \`${row.name}\` is named by ${names.join(", ")}. Take it out there first, or drop its rows only.`, { namedBy: names }); // prettier-ignore
    await tx.trainingDataset.update({
      where: { id: row.id },
      data: { cache: null, cacheBytes: null, deletedAt: new Date() },
    });
    await recordEvent(tx, scope, {
      action: "training.delete",
      object: `training-dataset/${row.name}`,
      before: { recipeDigest: row.recipeDigest, contentDigest: row.contentDigest },
    });
    return cacheFile(row);
  });
  if (file !== null) await rm(file, { force: true });
}

/** The row, which nobody else changes until commit. */
async function lock(tx: Transaction, scope: Scope, name: string): Promise<TrainingRow> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`training:${scope.workspace.id}:${name}`}, 0))`;
  return findTrainingDataset(tx, scope, name);
}
