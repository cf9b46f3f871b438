import { prisma, type Transaction } from "@/lib/db/client";
import type { Monitor } from "@/lib/db/generated/client";
import { openQueue } from "@/lib/db/queue";
import { type ConceptMonitorDefinition, conceptThresholds } from "@/lib/domain/definitions/concept-monitor";
import type { ConceptVerdict } from "@/lib/domain/monitors/concept-verdicts";
import { planAlerts } from "@/lib/domain/monitors/plan-alerts";
import { startFitsOfAlerts } from "../changes/alert-fits";
import { keepVerdicts, verdictRow } from "./keep-verdicts";
import { findLiveAlerts, takeAlertSteps } from "./alert-steps";
import { recordEvent } from "../record-event";
import { systemScope } from "../scope";
import { asJson, definitionOf } from "../stored-json";

export interface ConceptEvaluation {
  judged: number;
  opened: number;
  resolved: number;
}

/**
 * Keeps what an evaluation of a model's outcomes found, opens, updates and resolves alerts, and starts the fits that they ask for, in
 * one transaction. Evaluating twice changes nothing. Null when the monitor was retired or changed since it was read.
 */
export async function recordConceptEvaluation(
  monitor: Pick<Monitor, "id" | "digest">,
  verdicts: readonly ConceptVerdict[],
): Promise<ConceptEvaluation | null> {
  await openQueue();
  return prisma().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`monitor:${monitor.id}`}, 0))`;
      const row = await tx.monitor.findUnique({
        where: { id: monitor.id },
        include: { workspace: { select: { id: true, name: true } } },
      });
      if (!row || row.retiredAt || row.digest !== monitor.digest) return null;
      const definition = definitionOf("Monitor", row) as ConceptMonitorDefinition;
      // Outcomes that came late change windows of long ago: all of them are evaluated again.
      await keepVerdicts(
        tx,
        row.id,
        verdicts.map((verdict) => toRow(definition, row.definitionVersionId, verdict)),
      );
      const live = await findLiveAlerts(tx, row.id);
      const steps = planAlerts(definition, live, verdicts, await findPastAlerts(tx, row.id));
      const of = { workspaceId: row.workspaceId, monitorId: row.id, monitor: row.name, isConcept: true };
      await takeAlertSteps(tx, of, steps);
      await tx.monitor.update({ where: { id: row.id }, data: { lastRunAt: new Date(), lastError: null } });
      const scope = systemScope(row.workspace);
      if (definition.onAlert)
        await startFitsOfAlerts(tx, scope, { monitorId: row.id, monitor: row.name }, definition.onAlert.fit);
      const count = (...kinds: string[]) => steps.filter(({ kind }) => kinds.includes(kind)).length;
      const counts = { judged: verdicts.length, opened: count("open", "past"), resolved: count("resolve", "past") };
      if (counts.opened + counts.resolved > 0)
        await recordEvent(tx, scope, { action: "monitor.evaluate", object: `monitor/${row.name}`, after: counts });
      return counts;
    },
    { timeout: 120_000 },
  );
}

function toRow(monitor: ConceptMonitorDefinition, definitionVersionId: string, verdict: ConceptVerdict) {
  return {
    ...verdictRow(definitionVersionId, verdict),
    metric: monitor.metric,
    ...conceptThresholds(monitor),
    details: asJson(verdict.details),
  };
}

/** What a person resolved is not opened again by evaluating the same windows. */
async function findPastAlerts(tx: Transaction, monitorId: string) {
  const rows = await tx.alert.findMany({ where: { monitorId, liveKey: null } });
  return rows.map(({ feature, firstFrom, lastFrom }) => ({
    feature,
    firstFrom: firstFrom.toISOString(),
    lastFrom: lastFrom.toISOString(),
  }));
}
