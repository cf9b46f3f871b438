import type { Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";

/** Aliases that jobs follow. `staging` is given to a model's first version; every other move is an applied change request. */
export const MODEL_ALIASES = ["staging", "production"] as const;
export type ModelAliasName = (typeof MODEL_ALIASES)[number];

export interface AliasedVersion {
  versionId: string;
  version: number;
}

/** The version that has an alias, locked until the transaction ends; null while no version has it, which stays so until then. */
export async function lockAlias(tx: Transaction, modelId: string, alias: string): Promise<AliasedVersion | null> {
  const locked = await selectForUpdate(tx, modelId, alias);
  if (locked) return locked;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`alias:${modelId}:${alias}`}, 0))`;
  return selectForUpdate(tx, modelId, alias);
}

async function selectForUpdate(tx: Transaction, modelId: string, alias: string): Promise<AliasedVersion | null> {
  const rows = await tx.$queryRaw<AliasedVersion[]>`
    SELECT a."modelVersionId" AS "versionId", v."version"
    FROM "ModelAlias" a JOIN "ModelVersion" v ON v."id" = a."modelVersionId"
    WHERE a."modelId" = ${modelId} AND a."alias" = ${alias} FOR UPDATE OF a`;
  return rows[0] ?? null;
}

export interface AliasMove {
  modelId: string;
  alias: ModelAliasName;
  /** The version that gets the alias. */
  versionId: string;
  /** Id of the version that is expected to have it now; null when none is. */
  baseVersionId: string | null;
  by: string;
}

/** Gives an alias to a version. Throws `conflict` when another version than the expected one has it by now. */
export async function moveAlias(tx: Transaction, move: AliasMove): Promise<void> {
  const { modelId, alias, versionId, baseVersionId, by } = move;
  const now = await lockAlias(tx, modelId, alias);
  if ((now?.versionId ?? null) !== baseVersionId)
    throw new DomainError(
      "conflict",
      `\`${alias}\` moved to ${now ? `version ${now.version}` : "no version"} meanwhile. Look again, then ask anew.`,
      { alias, version: now?.version ?? null },
    );
  await tx.modelAlias.upsert({
    where: { modelId_alias: { modelId, alias } },
    create: { modelId, alias, modelVersionId: versionId, updatedBy: by },
    update: { modelVersionId: versionId, updatedBy: by },
  });
}
