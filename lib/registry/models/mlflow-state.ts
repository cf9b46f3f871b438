import type { MlflowState } from "@/lib/contracts/mlflow";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { mlflowObject } from "./mlflow-outbox";

/** What MLflow was told of a run that fitted a model; null for a run that it is not told of. */
export async function mlflowStateOfRun(run: {
  id: string;
  workspaceId: string;
  externalId: string | null;
}): Promise<MlflowState | null> {
  const own = { workspaceId: run.workspaceId, payload: { path: ["runId"], equals: run.id } };
  return stateOf(run.workspaceId, own, run.externalId === null ? null : runPage(run.externalId));
}

/** The same of a model: of all its versions and aliases. */
export async function mlflowStateOfModel(model: {
  name: string;
  workspaceId: string;
  externalId: string | null;
}): Promise<MlflowState | null> {
  const own = { workspaceId: model.workspaceId, object: mlflowObject(model.name) };
  return stateOf(model.workspaceId, own, model.externalId === null ? null : modelPage(model.externalId));
}

async function stateOf(
  workspaceId: string,
  own: Prisma.OutboxMessageWhereInput,
  page: string | null,
): Promise<MlflowState | null> {
  const channel = "mlflow";
  const newest = async (state?: string) =>
    prisma().outboxMessage.findFirst({
      where: { ...own, channel, ...(state !== undefined && { state }) },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    });
  // One that was refused is past when a later one arrived.
  const found = (await newest("pending")) ?? (await newest());
  const last = found?.state === "sent" ? null : found;
  if (!last && page === null) return null;
  const pending = { workspaceId, channel, state: "pending" };
  const waiting = last ? await prisma().outboxMessage.count({ where: pending }) : 0;
  // Its own attempt may wait for that of a message before it.
  const oldest = last && (await prisma().outboxMessage.findFirst({ where: pending, orderBy: { createdAt: "asc" } }));
  return {
    state: !last ? "told" : last.state === "pending" ? "waiting" : "refused",
    url: page,
    waiting,
    since: oldest?.createdAt.toISOString() ?? null,
    lastError: last ? (last.lastError ?? oldest?.lastError ?? null) : null,
  };
}

/** What was refused is tried once more, as by a worker that starts: somebody may have mended what it ran into. */
export async function retryRefused(): Promise<void> {
  await prisma().outboxMessage.updateMany({
    where: { channel: "mlflow", state: "failed" },
    data: { state: "pending", nextAttemptAt: new Date() },
  });
}

/** What waits for MLflow in all workspaces; null without one. */
export async function mlflowMessages(): Promise<{ waiting: number; refused: number; since: string | null } | null> {
  if (environment().MLFLOW_TRACKING_URI === undefined) return null;
  const of = (state: string) => ({ channel: "mlflow", state });
  const oldest = await prisma().outboxMessage.aggregate({
    where: of("pending"),
    _count: true,
    _min: { createdAt: true },
  });
  return {
    waiting: oldest._count,
    refused: await prisma().outboxMessage.count({ where: of("failed") }),
    since: oldest._min.createdAt?.toISOString() ?? null,
  };
}

/** Page of a model version in MLflow by NAME/VERSION; null without an MLflow, and of a name of another registry. */
export function versionPage(externalId: string): string | null {
  const at = externalId.lastIndexOf("/");
  return at < 0
    ? null
    : page(`models/${encodeURIComponent(externalId.slice(0, at))}/versions/${externalId.slice(at + 1)}`);
}

function modelPage(externalId: string): string | null {
  const at = externalId.lastIndexOf("/");
  return at < 0 ? null : page(`models/${encodeURIComponent(externalId.slice(0, at))}`);
}

function runPage(externalId: string): string | null {
  const [experiment, run] = externalId.split("/");
  return page(`experiments/${experiment}/runs/${run}`);
}

function page(path: string): string | null {
  const { MLFLOW_TRACKING_URI: uri } = environment();
  return uri === undefined ? null : `${uri.replace(/\/+$/, "")}/#/${path}`;
}
