import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { mlflowConnection } from "@/lib/mlflow/connection";
import { MlflowClient } from "@/lib/mlflow/mlflow-client";
import { Undeliverable } from "@/lib/notify/deliver-messages";
import { proposeMoveElsewhere } from "@/lib/registry/changes/moved-elsewhere";
import { findTrackedAlias, findVersionByNumber, listTrackedModels, recordToldAlias, TRACKED_ALIASES, type TrackedAlias } from "@/lib/registry/models/mlflow-aliases"; // prettier-ignore
import { tellAlias } from "./send-mlflow";

const BUDGET_MS = 50_000;

/**
 * Looks once at all aliases in MLflow. What was last told from here is no news; anything else somebody moved there: it becomes a change
 * request, and is put back where the environment asks for approval.
 * @returns how many aliases somebody had moved
 */
export async function watchAliases(client: MlflowClient): Promise<number> {
  let moved = 0;
  for (const { id, mlflowName } of await listTrackedModels()) {
    for (const alias of TRACKED_ALIASES) {
      const before = await findTrackedAlias(id, alias);
      if (!before || before.isWaiting) continue;
      const there = (await client.getAliases(mlflowName))?.get(alias) ?? null;
      const now = await findTrackedAlias(id, alias);
      // Moved here while MLflow was asked: a message is on its way, or has just arrived.
      if (!now || now.isWaiting || now.version?.id !== before.version?.id || now.told !== before.told) continue;
      try {
        if (await reconcile(client, now, there)) moved += 1;
      } catch (error) {
        // Of this alias alone; whatever else goes wrong is an outage.
        if (!(error instanceof Undeliverable)) throw error;
        log().warn({ model: now.model, alias, err: error }, "an alias cannot be in step with MLflow");
      }
    }
  }
  return moved;
}

/** @param there MLflow's number of the version that the alias names there; null for none */
async function reconcile(client: MlflowClient, alias: TrackedAlias, there: string | null): Promise<boolean> {
  const { version, told } = alias;
  if (there === (version?.number ?? null)) {
    if (version?.number && told !== version.number) await recordToldAlias(alias, version.id, version.number);
    // Both name nothing, or the same. A version that MLflow does not know is told of below.
    if (!version || version.number !== null) return false;
  }
  if (there === told) {
    // Nobody moved it there: a message was refused, or the alias is older than the connection.
    if (version) await tellAlias(client, alias);
    return false;
  }
  const theirs = there === null ? null : await findVersionByNumber(alias, there);
  const { isPutBack } = await proposeMoveElsewhere({
    workspace: alias.workspace,
    model: alias.model,
    alias: alias.alias,
    number: there,
    version: theirs?.version ?? null,
    current: version?.version ?? null,
  });
  log().warn({ model: alias.model, alias: alias.alias, there, isPutBack }, "an alias was moved in MLflow");
  if (isPutBack) await putBack(client, alias);
  return true;
}

async function putBack(client: MlflowClient, alias: TrackedAlias): Promise<void> {
  if (alias.version) return tellAlias(client, alias);
  await client.deleteAlias(alias.mlflowName, alias.alias);
}

export interface AliasWatch {
  stop(): void;
}

/** Looks every so many seconds, where there is an MLflow. One look ends before the next begins. */
export function startAliasWatch(): AliasWatch {
  const connection = mlflowConnection();
  const { TRIBUTARY_MLFLOW_POLL_SECONDS: seconds } = environment();
  if (!connection || seconds === 0) return { stop: () => undefined };
  let underway: Promise<unknown> | null = null;
  const look = () => {
    underway ??= watchAliases(new MlflowClient(connection, AbortSignal.timeout(BUDGET_MS)))
      .catch((error: unknown) => log().warn({ err: error }, "the aliases in MLflow could not be looked at"))
      .finally(() => (underway = null));
  };
  const timer = setInterval(look, seconds * 1000);
  return { stop: () => clearInterval(timer) };
}
