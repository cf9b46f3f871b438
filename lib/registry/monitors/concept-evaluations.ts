import { prisma, type Transaction } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

/** Batches of outcomes that arrive together are looked at together. */
const WAIT_SECONDS = 5;

/**
 * Lets the concept monitors of a model that have no schedule look, after what the transaction changes. Await `openQueue()`
 * before the transaction begins.
 */
export async function queueConceptEvaluations(tx: Transaction, workspaceId: string, model: string): Promise<void> {
  const monitors = await tx.monitor.findMany({
    where: { workspaceId, retiredAt: null, nextRunAt: null, definition: { path: ["drift"], equals: "concept" } },
    select: { id: true, definition: true },
    orderBy: { name: "asc" },
  });
  for (const { id, definition } of monitors)
    if (isConceptMonitor(definition) && definition.model === model) await queueConceptLook(tx, id, WAIT_SECONDS);
}

/** A look that waits already will see what this transaction wrote: locked, it cannot begin before that is there. */
async function queueConceptLook(tx: Transaction, monitorId: string, startAfterSeconds = 0): Promise<void> {
  const waiting = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id"::text FROM pgboss.job
    WHERE "name" = 'look-at-outcomes' AND "state" = 'created' AND "data"->>'monitorId' = ${monitorId}
    FOR UPDATE SKIP LOCKED`;
  if (waiting.length > 0) return;
  await enqueue(tx, "look-at-outcomes", { monitorId }, { startAfterSeconds });
}

/** The same in a transaction of its own. */
export async function queueConceptEvaluation(monitorId: string): Promise<void> {
  await openQueue();
  await prisma().$transaction((tx) => queueConceptLook(tx, monitorId));
}

/** Lets one concept monitor look now. Throws `not_found` for another kind of monitor. */
export async function evaluateConceptMonitor(
  principal: Principal,
  workspace: string,
  monitor: string,
): Promise<{ monitor: string }> {
  const scope = await openScopeFor(principal, workspace, "monitor:edit");
  const row = await prisma().monitor.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name: monitor } },
  });
  if (!row || row.retiredAt || !isConceptMonitor(row.definition))
    throw new DomainError("not_found", `There is no concept monitor \`${monitor}\` in workspace ${workspace}.`);
  await queueConceptEvaluation(row.id);
  return { monitor };
}
