import type { Transaction } from "@/lib/db/client";
import { holdBackDrifted } from "../monitors/hold-back";
import type { RunContext } from "./run-context";

/**
 * Holds outputs of a run back whose features drift, once their distributions are recorded.
 * @param outputs entity → its new dataset version
 * @param failed entity → why it is in quarantine, of rules: what monitors find comes beside it
 */
export async function holdBackOutputs(
  tx: Transaction,
  { scope, run }: Pick<RunContext, "scope" | "run">,
  outputs: ReadonlyMap<string, string>,
  failed: Map<string, string[]>,
): Promise<void> {
  const held = await holdBackDrifted(tx, scope, [...outputs.values()]);
  for (const [entity, id] of outputs) {
    const words = held.get(id);
    if (!words) continue;
    failed.set(entity, [...(failed.get(entity) ?? []), ...words]);
    await tx.runLog.create({ data: { runId: run.id, level: "error", message: `What it wrote of ${entity} is held back and not served: ${words.join("; ")}.` } }); // prettier-ignore
  }
}
