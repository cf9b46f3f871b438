import { prisma, type Transaction } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { BACKFILL, stateOfChunk } from "./backfill-row";
import { queueJobRun } from "./jobs";
import { recordBackfillEvent } from "./backfills";
import { systemScope } from "../scope";

/** So many chunks in a row that fail do not fail by chance: the others are left for a person to look first. */
const MOST_FAILURES_IN_A_ROW = 3;

/**
 * Brings every back-fill one step further: writes down what became of the chunk that ran, and begins the next one. A chunk
 * that is done is never begun again, whoever died in between; with any number of callers one chunk runs at a time.
 * @returns how many chunks were begun
 */
export async function advanceBackfills(): Promise<number> {
  const open = await prisma().backfill.findMany({
    where: {
      OR: [
        {
          state: "running",
          job: { deployment: { state: "active" } },
          chunks: { none: { state: "running", run: { state: { in: ["queued", "running"] } } } },
        },
        { chunks: { some: { state: "running", run: { state: { in: ["succeeded", "failed", "canceled"] } } } } },
      ],
    },
    select: { id: true },
    orderBy: { createdAt: "asc" },
  });
  if (open.length === 0) return 0;
  await openQueue();
  let begun = 0;
  for (const { id } of open) if (await prisma().$transaction((tx) => advanceOne(tx, id))) begun += 1;
  return begun;
}

/** Whether a chunk was begun. */
async function advanceOne(tx: Transaction, id: string): Promise<boolean> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Backfill" WHERE "id" = ${id} FOR UPDATE SKIP LOCKED`;
  if (locked.length === 0) return false;
  const row = await tx.backfill.findUniqueOrThrow({
    where: { id },
    include: {
      ...BACKFILL,
      job: { include: { deployment: { include: { workspace: { select: { id: true, name: true } } } } } },
    },
  });
  for (const chunk of row.chunks) {
    const state = stateOfChunk(chunk);
    if (state === chunk.state) continue;
    await tx.backfillChunk.update({ where: { id: chunk.id }, data: { state } });
    chunk.state = state;
  }
  const { deployment } = row.job;
  if (row.state !== "running" || row.chunks.some((chunk) => chunk.state === "running")) return false;
  const scope = systemScope(deployment.workspace);
  const next = row.chunks.find((chunk) => chunk.state === "pending");
  if (!next || failsInARow(row.chunks, next.position)) {
    const failed = row.chunks.filter((chunk) => chunk.state === "failed").length;
    const state = failed > 0 ? "failed" : "succeeded";
    await tx.backfill.update({ where: { id }, data: { state, finishedAt: new Date() } });
    await recordBackfillEvent(tx, scope, deployment.name, "backfill.end", {
      after: { backfill: id, state, chunks: row.chunks.length, failed },
    });
    return false;
  }
  if (deployment.state !== "active") return false;
  const runId = await queueJobRun(
    tx,
    scope,
    deployment,
    { id: row.job.id, kind: row.job.kind as JobKind },
    { window: [next.rangeFrom.toISOString(), next.rangeTo.toISOString()] },
  );
  await tx.backfillChunk.update({ where: { id: next.id }, data: { state: "running", runId } });
  return true;
}

/** Whether the chunks right before a position failed too often to go on. */
function failsInARow(chunks: readonly { position: number; state: string }[], position: number): boolean {
  const before = chunks.filter((chunk) => chunk.position < position).slice(-MOST_FAILURES_IN_A_ROW);
  return before.length === MOST_FAILURES_IN_A_ROW && before.every((chunk) => chunk.state === "failed");
}
