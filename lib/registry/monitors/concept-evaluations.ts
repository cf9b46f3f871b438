import { prisma, type Transaction } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { type ConceptMonitorDefinition, isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";

/** Batches of outcomes that arrive together are evaluated together. */
const WAIT_SECONDS = 5;

/**
 * Queues the evaluation of the concept monitors of a model that have no schedule, after what the transaction changes. Await `openQueue()`
 * before the transaction begins.
 */
export async function queueConceptEvaluations(tx: Transaction, workspaceId: string, model: string): Promise<void> {
  const monitors = await tx.monitor.findMany({
    where: { workspaceId, retiredAt: null, nextRunAt: null, definition: { path: ["drift"], equals: "concept" } },
    select: { id: true, definition: true },
    orderBy: { name: "asc" },
  });
  for (const { id, definition } of monitors)
    if (isConceptMonitor(definition) && definition.model === model)
      await enqueue(tx, "evaluate-outcomes", { monitorId: id }, { startAfterSeconds: WAIT_SECONDS });
}

/** Queues the evaluation of one concept monitor, unless it waits already, in a transaction of its own. */
export async function queueConceptEvaluation(monitorId: string): Promise<void> {
  await openQueue();
  await prisma().$transaction((tx) => enqueue(tx, "evaluate-outcomes", { monitorId }));
}

/** Evaluates one concept monitor now. Throws `not_found` for another kind of monitor. */
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

/** A concept monitor for a worker to evaluate; null for another kind, and for one that is retired or gone. */
export async function findConceptMonitor(id: string): Promise<{
  id: string;
  name: string;
  workspaceId: string;
  digest: string;
  definition: ConceptMonitorDefinition;
} | null> {
  const row = await prisma().monitor.findUnique({ where: { id } });
  if (!row || row.retiredAt || !isConceptMonitor(row.definition)) return null;
  const { name, workspaceId, digest, definition } = row;
  return { id, name, workspaceId, digest, definition };
}

/** Whether a model has a version: a monitor may be declared before that. */
export async function isFitted(workspaceId: string, model: string): Promise<boolean> {
  return (await prisma().model.count({ where: { workspaceId, name: model, versions: { some: {} } } })) > 0;
}
