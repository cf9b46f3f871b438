import type { Transaction } from "@/lib/db/client";

export interface ChangePointer {
  versionId: string;
  version: number;
}

/**
 * The pointer of an environment, locked until the transaction ends; null when the environment serves nothing yet, in which
 * case the advisory lock keeps a second transaction from creating it meanwhile.
 */
export async function lockPointer(
  tx: Transaction,
  featureId: string,
  environment: string,
): Promise<ChangePointer | null> {
  const locked = await selectForUpdate(tx, featureId, environment);
  if (locked) return locked;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`pointer:${featureId}:${environment}`}, 0))`;
  return selectForUpdate(tx, featureId, environment);
}

async function selectForUpdate(tx: Transaction, featureId: string, environment: string) {
  const rows = await tx.$queryRaw<ChangePointer[]>`
    SELECT p."versionId", v."version" FROM "Pointer" p JOIN "FeatureVersion" v ON v."id" = p."versionId"
    WHERE p."featureId" = ${featureId} AND p."environment" = ${environment} FOR UPDATE OF p`;
  return rows[0] ?? null;
}

export async function movePointer(
  tx: Transaction,
  move: { featureId: string; environment: string; versionId: string; by: string },
): Promise<void> {
  const { featureId, environment, versionId, by } = move;
  await tx.pointer.upsert({
    where: { featureId_environment: { featureId, environment } },
    create: { featureId, environment, versionId, updatedBy: by },
    update: { versionId, updatedBy: by },
  });
}
