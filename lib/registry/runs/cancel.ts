import { prisma, type Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { hasEnded, type RunState } from "@/lib/domain/runs/run-states";
import { recordEvent } from "../record-event";
import { moveRuns } from "./move-runs";
import { openRun } from "./runs";

/** Ends a waiting run at once, and asks the worker of a running one to stop. Throws `conflict` when it has ended. */
export async function cancelRun(principal: Principal, runId: string): Promise<void> {
  const { scope, run } = await openRun(principal, runId, "run:cancel");
  await prisma().$transaction(async (tx) => {
    const [locked] = await tx.$queryRaw<
      { state: RunState }[]
    >`SELECT "state" FROM "Run" WHERE "id" = ${runId} FOR UPDATE`;
    const state = locked?.state ?? "canceled";
    if (hasEnded(state)) throw new DomainError("conflict", `Run ${run.number} has already ended: it is ${state}.`);
    await cancelRuns(tx, [runId], { withdrawn: "Canceled before it began.", stopping: "Stopping." });
    await recordEvent(tx, scope, { action: "run.cancel", object: `run/${run.number}`, before: { state } });
  });
}

/**
 * Ends the runs that wait, and asks the workers of those that run to stop, once. Runs that have ended stay as they are.
 * @param messages what each of them says then
 */
export async function cancelRuns(
  tx: Transaction,
  runIds: string[],
  { withdrawn, stopping }: { withdrawn: string; stopping: string },
): Promise<void> {
  const now = new Date();
  const id = { in: runIds };
  const ended = await moveRuns(tx, "withdraw", { id }, { finishedAt: now, cancelRequestedAt: now, message: withdrawn });
  await tx.runStage.updateMany({
    where: { runId: { in: ended.map((run) => run.id) } },
    data: { state: "canceled" },
  });
  await tx.run.updateMany({
    where: { id, state: "running", cancelRequestedAt: null },
    data: { cancelRequestedAt: now, message: stopping },
  });
}
