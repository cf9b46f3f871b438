import type { Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";

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
  const waiting = await tx.run.findMany({ where: { id: { in: runs }, state: "queued" }, select: { id: true } });
  const ids = waiting.map((run) => run.id);
  await tx.run.updateMany({
    where: { id: { in: ids }, state: "queued" },
    data: { state: "canceled", finishedAt: now, cancelRequestedAt: now, message: "Its back-fill was canceled." },
  });
  await tx.runStage.updateMany({ where: { runId: { in: ids } }, data: { state: "canceled" } });
  await tx.run.updateMany({
    where: { id: { in: runs }, state: "running", cancelRequestedAt: null },
    data: { cancelRequestedAt: now, message: "Stopping: its back-fill was canceled." },
  });
}
