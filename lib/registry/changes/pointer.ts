import type { Transaction } from "@/lib/db/client";
import { accountableUser } from "./accountable-user";
import type { ChangeMove, ChangeSubject } from "./items";
import { type Alias, lockAlias, moveAlias } from "../models/aliases";
import type { Scope } from "../scope";

export interface ChangePointer {
  versionId: string;
  version: number;
}

/** What an environment serves of the subject, or which version of a model has the alias; locked until the transaction ends. */
export async function lockServed(
  tx: Transaction,
  { kind, id }: Pick<ChangeSubject, "kind" | "id">,
  environment: string,
): Promise<ChangePointer | null> {
  if (kind === "feature") return lockPointer(tx, id, environment);
  const alias = await lockAlias(tx, id, environment as Alias);
  return alias && { versionId: alias.modelVersionId, version: alias.version };
}

/**
 * The same of everything that a revision moves, in its order. The locks are taken in one order, whatever the revision's, so that two
 * requests that share some of it wait for each other and never for ever.
 */
export async function lockMoves(tx: Transaction, moves: readonly ChangeMove[]): Promise<(ChangePointer | null)[]> {
  const keyOf = ({ subject, environment }: ChangeMove) => `${subject.kind}:${subject.id}:${environment}`;
  const locked = new Map<string, ChangePointer | null>();
  for (const move of moves.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)))
    locked.set(keyOf(move), await lockServed(tx, move.subject, move.environment));
  return moves.map((move) => locked.get(keyOf(move)) ?? null);
}

/** Moves the pointer or the alias; the caller has locked it. */
export function moveServed(tx: Transaction, scope: Scope, move: ChangeMove): Promise<void> {
  const { subject, environment, versionId, baseVersionId } = move;
  return subject.kind === "feature"
    ? movePointer(tx, { featureId: subject.id, environment, versionId, by: accountableUser(scope.actor).id })
    : moveAlias(tx, scope, { modelId: subject.id, alias: environment, modelVersionId: versionId, baseVersionId });
}

/**
 * The pointer of an environment, locked until the transaction ends; null when the environment serves nothing yet, in which
 * case the advisory lock keeps a second transaction from creating it meanwhile.
 */
async function lockPointer(tx: Transaction, featureId: string, environment: string): Promise<ChangePointer | null> {
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

async function movePointer(
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
