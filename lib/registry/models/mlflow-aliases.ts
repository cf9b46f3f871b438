import { prisma } from "@/lib/db/client";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";
import { trackedName } from "@/lib/domain/mlflow/tracked-run";
import type { Alias } from "./aliases";
import { mlflowObject } from "./mlflow-outbox";

/** An alias of a model here, beside what MLflow was last told of it. */
export interface TrackedAlias {
  modelId: string;
  model: string;
  alias: Alias;
  workspace: { id: string; name: string };
  /** Name of the registered model. */
  mlflowName: string;
  /** What the alias names here; null for nothing. */
  version: {
    id: string;
    version: number;
    runId: string | null;
    /** MLflow's number of it; null before MLflow knows it, and when it is of another registered model. */
    number: string | null;
    externalId: string | null;
  } | null;
  /** MLflow's number that the alias was last set to from here; null for none. */
  told: string | null;
  /** Whether a message about the model waits: then MLflow is behind, and nobody moved anything there. */
  isWaiting: boolean;
}

const SELECT = {
  id: true,
  name: true,
  workspace: { select: { id: true, name: true } },
  aliases: {
    select: {
      alias: true,
      externalVersion: true,
      modelVersion: { select: { id: true, version: true, runId: true, externalId: true } },
    },
  },
} as const;

/** An alias as it is now; null when the model is gone. */
export async function findTrackedAlias(modelId: string, alias: Alias): Promise<TrackedAlias | null> {
  const model = await prisma().model.findUnique({ where: { id: modelId }, select: SELECT });
  if (!model) return null;
  const { workspace, name } = model;
  const row = model.aliases.find((one) => one.alias === alias);
  const mlflowName = trackedName(workspace.name, name);
  const waiting = await prisma().outboxMessage.count({
    where: { workspaceId: workspace.id, channel: "mlflow", object: mlflowObject(name), state: "pending" },
  });
  return {
    modelId,
    model: name,
    alias,
    workspace,
    mlflowName,
    version: row ? { ...row.modelVersion, number: numberOf(row.modelVersion.externalId, mlflowName) } : null,
    told: row?.externalVersion ?? null,
    isWaiting: waiting > 0,
  };
}

/** Models that MLflow knows versions of, with their names there. */
export async function listTrackedModels(): Promise<{ id: string; mlflowName: string }[]> {
  const models = await prisma().model.findMany({
    where: { versions: { some: { externalId: { not: null }, runId: { not: null } } } },
    select: { id: true, name: true, workspace: { select: { name: true } } },
    orderBy: { id: "asc" },
  });
  return models.map(({ id, name, workspace }) => ({ id, mlflowName: trackedName(workspace.name, name) }));
}

/** The version here that MLflow calls so; null for one that nobody here knows. */
export async function findVersionByNumber(
  { modelId, mlflowName }: Pick<TrackedAlias, "modelId" | "mlflowName">,
  number: string,
): Promise<{ id: string; version: number } | null> {
  return prisma().modelVersion.findFirst({
    where: { modelId, externalId: `${mlflowName}/${number}` },
    select: { id: true, version: true },
  });
}

/** Keeps what MLflow was told, unless the alias has moved on meanwhile: then another message follows. */
export async function recordToldAlias(
  { modelId, alias }: Pick<TrackedAlias, "modelId" | "alias">,
  modelVersionId: string,
  number: string,
): Promise<void> {
  await prisma().modelAlias.updateMany({
    where: { modelId, alias, modelVersionId },
    data: { externalVersion: number },
  });
  // What was refused before is there now.
  await prisma().outboxMessage.updateMany({
    where: {
      channel: "mlflow",
      state: "failed",
      AND: [{ payload: { path: ["modelId"], equals: modelId } }, { payload: { path: ["alias"], equals: alias } }],
    },
    data: { state: "sent", sentAt: new Date(), lastError: null },
  });
}

export const TRACKED_ALIASES: readonly Alias[] = GOVERNED_ENVIRONMENTS;

function numberOf(externalId: string | null, mlflowName: string): string | null {
  const at = externalId?.lastIndexOf("/") ?? -1;
  return externalId !== null && externalId.slice(0, at) === mlflowName ? externalId.slice(at + 1) : null;
}
