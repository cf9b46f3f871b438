import { prisma } from "@/lib/db/client";
import { hasEnded, type RunState } from "@/lib/contracts/runs";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { recordEvent } from "../record-event";
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
    const now = new Date();
    if (state === "queued") {
      await tx.run.update({
        where: { id: runId },
        data: { state: "canceled", finishedAt: now, cancelRequestedAt: now, message: "Canceled before it began." },
      });
      await tx.runStage.updateMany({ where: { runId }, data: { state: "canceled" } });
    } else {
      await tx.run.update({ where: { id: runId }, data: { cancelRequestedAt: now, message: "Stopping." } });
    }
    await recordEvent(tx, scope, { action: "run.cancel", object: `run/${run.number}`, before: { state } });
  });
}
