import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { cancelRuns } from "../runs/cancel";

/** Ends back-fills that have not ended: the run of a chunk that waits is canceled, one that runs is asked to stop. */
export async function cancelBackfillsOf(tx: Transaction, where: Prisma.BackfillWhereInput): Promise<void> {
  const now = new Date();
  const live = await tx.backfill.findMany({
    where: { AND: [where, { state: { in: ["running", "paused"] } }] },
    select: { id: true, chunks: { where: { state: "running" }, select: { runId: true } } },
  });
  await tx.backfill.updateMany({
    where: { id: { in: live.map((one) => one.id) } },
    data: { state: "canceled", finishedAt: now },
  });
  const runs = live.flatMap((one) => one.chunks.flatMap((chunk) => chunk.runId ?? []));
  await cancelRuns(tx, runs, {
    withdrawn: "Its back-fill was canceled.",
    stopping: "Stopping: its back-fill was canceled.",
  });
}
