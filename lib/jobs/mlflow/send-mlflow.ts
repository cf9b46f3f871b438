import { DomainError } from "@/lib/domain/errors";
import { mlflowConnection } from "@/lib/mlflow/connection";
import { MlflowClient } from "@/lib/mlflow/mlflow-client";
import { isMlflowCode, MlflowError } from "@/lib/mlflow/mlflow-error";
import { type Sender, Undeliverable } from "@/lib/notify/deliver-messages";
import { findTrackedAlias, recordToldAlias, type TrackedAlias } from "@/lib/registry/models/mlflow-aliases";
import type { MlflowPayload } from "@/lib/registry/models/mlflow-outbox";
import { forgetTracked } from "@/lib/registry/runs/mlflow";
import { trackRun } from "./track-run";

/** Less than the lease of a message: nobody else sends it meanwhile. What was done by then is found by the next attempt. */
const BUDGET_MS = 50_000;

/** Tells MLflow what the registry has now of a run or an alias: an old message does no harm, nor does one that comes twice. */
export const sendMlflow: Sender = async (message) => {
  const connection = mlflowConnection();
  if (!connection) throw new Error("MLFLOW_TRACKING_URI is not set any more. Set it, or the message waits for ever.");
  const client = new MlflowClient(connection, AbortSignal.timeout(BUDGET_MS));
  const payload = message.payload as MlflowPayload;
  try {
    if (payload.kind === "run") return await trackRun(client, payload.runId);
    const alias = await findTrackedAlias(payload.modelId, payload.alias);
    if (alias?.version) await tellAlias(client, alias);
  } catch (error) {
    // Refused there, or what is to be told cannot be read here any more: it holds up nothing that comes after it.
    const isFinal = error instanceof MlflowError ? error.details.isFinal : error instanceof DomainError;
    if (isFinal) throw new Undeliverable((error as Error).message);
    throw error;
  }
};

/**
 * Sets an alias in MLflow to what it names here, after telling MLflow of that version. A version that MLflow does not know any more, as
 * on another server, is told of anew.
 */
export async function tellAlias(client: MlflowClient, of: Pick<TrackedAlias, "modelId" | "alias">): Promise<void> {
  const found = await findTracked(client, of);
  if (!found) return;
  const { version, mlflowName } = found;
  try {
    await client.setAlias(mlflowName, of.alias, version.number);
  } catch (error) {
    if (!isMlflowCode(error, "RESOURCE_DOES_NOT_EXIST") || !version.runId) throw error;
    await forgetTracked(version.id);
    const again = await findTracked(client, of);
    if (!again) return;
    await client.setAlias(mlflowName, of.alias, again.version.number);
    return recordToldAlias(of, again.version.id, again.version.number);
  }
  await recordToldAlias(of, version.id, version.number);
}

type Known = NonNullable<TrackedAlias["version"]> & { number: string };

/** The version that an alias names, which MLflow knows after this. Null when it names none. */
async function findTracked(
  client: MlflowClient,
  { modelId, alias }: Pick<TrackedAlias, "modelId" | "alias">,
): Promise<{ mlflowName: string; version: Known } | null> {
  const before = await findTrackedAlias(modelId, alias);
  if (before?.version?.externalId === null && before.version.runId) await trackRun(client, before.version.runId);
  const found = await findTrackedAlias(modelId, alias);
  if (!found?.version) return null;
  const { version, mlflowName, model } = found;
  const { number, externalId } = version;
  if (number === null)
    throw new Undeliverable(
      `Version ${version.version} of ${model} is not one of ${mlflowName} in MLflow: ${externalId === null ? "no run here made it" : `it is ${externalId} there`}. Alias ${alias} was not moved there.`,
    );
  return { mlflowName, version: { ...version, number } };
}
