import { environment } from "@/lib/config/environment";
import type { Transaction } from "@/lib/db/client";
import { postMessage } from "@/lib/db/outbox";
import type { Alias } from "./aliases";

/** What a worker is to do at MLflow: it says which, and what is told is what the registry has when it is sent. */
export type MlflowPayload = { kind: "run"; runId: string } | { kind: "alias"; modelId: string; alias: Alias };

/** Messages about one model go to MLflow one after the other. */
export const mlflowObject = (model: string): string => `model/${model}`;

/** Writes to the outbox, when there is an MLflow, in the transaction of the cause: that a run fitted a model, or that an alias moved. */
export async function postToMlflow(
  tx: Transaction,
  { workspaceId, model }: { workspaceId: string; model: string },
  payload: MlflowPayload,
): Promise<void> {
  const { MLFLOW_TRACKING_URI: target } = environment();
  if (target === undefined) return;
  await postMessage(tx, { workspaceId, channel: "mlflow", target, object: mlflowObject(model), payload });
}
