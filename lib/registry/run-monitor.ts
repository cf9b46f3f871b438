import { type Transaction, prisma } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import {
  evaluateMonitor,
  judgeDataset,
  thresholdsOf,
  type WindowVerdict,
} from "@/lib/domain/monitors/evaluate-monitor";
import { type AlertStep, planAlerts } from "@/lib/domain/monitors/plan-alerts";
import { SYSTEM } from "@/lib/domain/principal";
import { findLiveAlerts, takeAlertSteps } from "./alert-steps";
import { loadMonitoredFeatures } from "./monitored-features";
import { recordEvent } from "./record-event";
import type { Scope } from "./scope";

export interface MonitorLook {
  /** Windows of features that were judged. */
  judged: number;
  opened: number;
  resolved: number;
}

/**
 * Judges the monitor's windows that begin in `range` (all when left out) from stored profiles, keeps the verdicts, and opens,
 * updates and resolves alerts, in one transaction. Looking twice changes nothing. Looks at one monitor wait for each other.
 */
export async function runMonitor(
  monitorId: string,
  range: { from?: string; to?: string } = {},
): Promise<MonitorLook | null> {
  return prisma().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`monitor:${monitorId}`}, 0))`;
      const row = await tx.monitor.findUnique({
        where: { id: monitorId },
        include: { workspace: { select: { id: true, name: true } } },
      });
      if (!row || row.retiredAt) return null;
      const monitor = row.definition as unknown as MonitorDefinition;
      const features = await loadMonitoredFeatures(row.workspaceId, monitor, tx);
      const verdicts = evaluateMonitor(monitor, features, range);
      await keepVerdicts(tx, monitorId, monitor, verdicts);
      const live = await findLiveAlerts(tx, monitorId);
      const steps = planAlerts(monitor, live, verdicts);
      await takeAlertSteps(tx, { workspaceId: row.workspaceId, monitorId, monitor: row.name }, steps);
      await tx.monitor.update({ where: { id: monitorId }, data: { lastRunAt: new Date(), lastError: null } });
      const count = (...kinds: AlertStep["kind"][]) => steps.filter(({ kind }) => kinds.includes(kind)).length;
      const look = { judged: verdicts.length, opened: count("open", "past"), resolved: count("resolve", "past") };
      if (look.opened + look.resolved > 0) await recordLook(tx, row, look, verdicts);
      return look;
    },
    { timeout: 120_000 },
  );
}

async function recordLook(
  tx: Transaction,
  row: { name: string; workspace: { id: string; name: string } },
  look: MonitorLook,
  verdicts: WindowVerdict[],
): Promise<void> {
  const scope: Scope = {
    actor: { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] },
    workspace: row.workspace,
    requestId: null,
  };
  await recordEvent(tx, scope, {
    action: "monitor.look",
    object: `monitor/${row.name}`,
    after: { ...look, dataset: judgeDataset(verdicts).at(-1) ?? null },
  });
}

/** A window that was judged before gets its newest verdict. */
async function keepVerdicts(
  tx: Transaction,
  monitorId: string,
  monitor: MonitorDefinition,
  verdicts: readonly WindowVerdict[],
): Promise<void> {
  if (verdicts.length === 0) return;
  const rows = verdicts.map((verdict) => ({
    monitorId,
    feature: verdict.feature,
    featureVersionId: verdict.versionId,
    windowFrom: new Date(verdict.from),
    windowTo: new Date(verdict.to),
    metric: monitor.metric,
    ...thresholdsOf(monitor),
    reference: verdict.reference,
    score: verdict.score,
    state: verdict.state,
    severity: verdict.severity,
    referenceRows: BigInt(verdict.rows[0]),
    rows: BigInt(verdict.rows[1]),
    explanation: verdict.explanation,
  }));
  await tx.monitorVerdict.deleteMany({
    where: {
      monitorId,
      feature: { in: [...new Set(rows.map(({ feature }) => feature))] },
      windowFrom: { in: [...new Set(verdicts.map(({ from }) => from))].map((from) => new Date(from)) },
    },
  });
  await tx.monitorVerdict.createMany({ data: rows });
}
