import type { Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { postToMlflow } from "./mlflow-outbox";
import type { Scope } from "../scope";

/** The names under which jobs score with a model: what a version is, not where it is served. */
export type Alias = "staging" | "production";

export interface AliasTarget {
  modelVersionId: string;
  /** Number of the version. */
  version: number;
}

export interface AliasMove {
  modelId: string;
  alias: Alias;
  /** The version that it is to name. */
  modelVersionId: string;
  /** The version that it named when the move was decided; null when it named none. */
  baseVersionId: string | null;
}

/** What an alias names now; null while it names nothing. */
export async function findAlias(tx: Transaction, modelId: string, alias: Alias): Promise<AliasTarget | null> {
  const row = await tx.modelAlias.findUnique({
    where: { modelId_alias: { modelId, alias } },
    select: { modelVersionId: true, modelVersion: { select: { version: true } } },
  });
  return row && { modelVersionId: row.modelVersionId, version: row.modelVersion.version };
}

/** The same, and nobody else moves the alias until the transaction ends. */
export async function lockAlias(tx: Transaction, modelId: string, alias: Alias): Promise<AliasTarget | null> {
  // A lock of its own, because there is no row to lock before the first move.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`alias:${modelId}:${alias}`}, 0))`;
  return findAlias(tx, modelId, alias);
}

/**
 * Moves an alias to another version of its model. Jobs follow at their next run, and so does MLflow, where there is one. The caller records the event, because it
 * knows whether a change request or a first version moved it.
 * Throws `conflict` when the alias no longer names the base, and `invalid` when the version is another model's.
 */
export async function moveAlias(tx: Transaction, scope: Scope, move: AliasMove): Promise<void> {
  const { modelId, alias, modelVersionId, baseVersionId } = move;
  const wanted = await tx.modelVersion.findFirst({
    where: { id: modelVersionId, modelId, model: { workspaceId: scope.workspace.id } },
    select: { version: true, model: { select: { name: true } } },
  });
  if (!wanted)
    throw new DomainError("invalid", `The version that ${alias} is to name is not one of the model's. Choose another.`);
  const current = await lockAlias(tx, modelId, alias);
  if ((current?.modelVersionId ?? null) !== baseVersionId)
    throw new DomainError(
      "conflict",
      `Alias ${alias} of model ${wanted.model.name} has moved meanwhile: it names ${current ? `version ${current.version}` : "no version"}. Rebase on that and decide again.`,
      { model: wanted.model.name, alias, current: current?.version ?? null },
    );
  await tx.modelAlias.upsert({
    where: { modelId_alias: { modelId, alias } },
    create: { modelId, alias, modelVersionId, updatedBy: scope.actor.id },
    update: { modelVersionId, updatedBy: scope.actor.id },
  });
  const model = wanted.model.name;
  await postToMlflow(tx, { workspaceId: scope.workspace.id, model }, { kind: "alias", modelId, alias });
}
