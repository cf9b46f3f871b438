import { type Transaction, prisma } from "@/lib/db/client";
import type { Monitor, MonitorVerdict as VerdictRow } from "@/lib/db/generated/client";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import type { DriftState } from "@/lib/domain/drift/drift-verdict";
import { judgeDataset } from "@/lib/domain/monitors/dataset-drift";
import { type DriftWindowVerdict, evaluateMonitor, type WindowVerdict } from "@/lib/domain/monitors/evaluate-monitor";
import { type PastAlert, planAlerts, planDrops } from "@/lib/domain/monitors/plan-alerts";
import { findLiveAlerts, takeAlertSteps } from "./alert-steps";
import { reviewHeldBack } from "./hold-back";
import { baselineOf, effectiveDefinition } from "./effective-definition";
import { keepVerdicts, supersedeVerdicts, verdictRow } from "./keep-verdicts";
import { loadMonitoredFeatures } from "./monitored-features";
import type { StoredFeature } from "../profiles/stored-features";
import { recordEvent } from "../record-event";
import { systemScope } from "../scope";
import { asJson } from "../stored-json";

export interface MonitorCounts {
  /** Windows of features that were judged. */
  judged: number;
  opened: number;
  resolved: number;
}

/**
 * Judges the monitor's windows that begin in `range` (all when left out) from stored profiles, keeps the verdicts, and opens,
 * updates and resolves alerts, in one transaction. Evaluating twice changes nothing. Evaluations of one monitor wait for each other.
 */
export async function runMonitor(
  monitorId: string,
  range: { from?: string; to?: string } = {},
): Promise<MonitorCounts | null> {
  return prisma().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`monitor:${monitorId}`}, 0))`;
      const row = await tx.monitor.findUnique({
        where: { id: monitorId },
        include: { workspace: { select: { id: true, name: true } } },
      });
      if (!row || row.retiredAt) return null;
      const monitor = effectiveDefinition(row);
      const features = await loadMonitoredFeatures(row.workspaceId, monitor, tx);
      const verdicts = evaluateMonitor(monitor, features, range);
      await dropUnwatched(tx, monitorId, features);
      await keepVerdicts(
        tx,
        monitorId,
        verdicts.map((verdict) => toRow(monitor, row.definitionVersionId, verdict)),
        {
          feature: { in: [...new Set(verdicts.map(({ feature }) => feature))] },
          windowFrom: { in: [...new Set(verdicts.map(({ from }) => from))].map((from) => new Date(from)) },
        },
      );
      const all = await findLiveAlerts(tx, monitorId);
      const drops = planDrops(all, features);
      const live = all.filter(({ id }) => !drops.some((drop) => drop.id === id));
      const before = await alarmsBefore(tx, monitorId, range.from);
      const past = await findPastAlerts(tx, row);
      const steps = [...drops, ...planAlerts(monitor, live, [...before, ...verdicts], past)];
      await takeAlertSteps(tx, { workspaceId: row.workspaceId, monitorId, monitor: row.name }, steps);
      await tx.monitor.update({ where: { id: monitorId }, data: { lastRunAt: new Date(), lastError: null } });
      const count = (...kinds: (typeof steps)[number]["kind"][]) =>
        steps.filter(({ kind }) => kinds.includes(kind)).length;
      const counts = {
        judged: verdicts.length,
        opened: count("open", "past"),
        resolved: count("resolve", "drop", "past"),
      };
      if (counts.opened + counts.resolved > 0) await recordEvaluation(tx, row, counts, verdicts);
      await reviewHeldBack(tx, systemScope(row.workspace));
      return counts;
    },
    { timeout: 120_000 },
  );
}

/** Windows before the range that alarm without a break up to it: they count for `after` windows in a row. */
async function alarmsBefore(tx: Transaction, monitorId: string, from: string | undefined): Promise<WindowVerdict[]> {
  if (from === undefined) return [];
  const rows = await tx.monitorVerdict.findMany({
    where: { monitorId, supersededAt: null, windowFrom: { lt: new Date(from) } },
    orderBy: { windowFrom: "desc" },
    take: 5000,
  });
  const ended = new Set<string>();
  return rows.flatMap((row) => {
    if (row.state === "fine") ended.add(row.feature);
    return ended.has(row.feature) || row.state === "insufficient_data" ? [] : [verdictOf(row)];
  });
}

/** The newest resolved alerts: what they were about is not opened again. A reset baseline begins anew. */
async function findPastAlerts(tx: Transaction, row: Pick<Monitor, "id" | "baseline">): Promise<PastAlert[]> {
  const since = baselineOf(row)?.at;
  const alerts = await tx.alert.findMany({
    where: { monitorId: row.id, liveKey: null, ...(since && { openedAt: { gte: new Date(since) } }) },
    select: { feature: true, firstFrom: true, lastFrom: true },
    orderBy: { number: "desc" },
    take: 5000,
  });
  return alerts.map(({ feature, firstFrom, lastFrom }) => ({
    feature,
    firstFrom: firstFrom.toISOString(),
    lastFrom: lastFrom.toISOString(),
  }));
}

/** A stored verdict. */
function verdictOf(row: VerdictRow): WindowVerdict {
  return {
    feature: row.feature,
    versionId: row.featureVersionId,
    from: row.windowFrom.toISOString(),
    to: row.windowTo.toISOString(),
    state: row.state as DriftState,
    score: row.score,
    severity: row.severity,
    rows: [Number(row.referenceRows), Number(row.rows)],
    reference: row.reference,
    explanation: row.explanation,
  };
}

async function recordEvaluation(
  tx: Transaction,
  row: { name: string; workspace: { id: string; name: string } },
  counts: MonitorCounts,
  verdicts: WindowVerdict[],
): Promise<void> {
  const scope = systemScope(row.workspace);
  await recordEvent(tx, scope, {
    action: "monitor.evaluate",
    object: `monitor/${row.name}`,
    after: { ...counts, dataset: judgeDataset(verdicts).at(-1) ?? null },
  });
}

/** Verdicts of windows that are no longer watched, as when a model begins to be watched in serving, say nothing of today. */
async function dropUnwatched(tx: Transaction, monitorId: string, features: readonly StoredFeature[]): Promise<void> {
  const watched = new Set(features.flatMap(({ feature, windows }) => windows.map(({ from }) => `${feature} ${from}`)));
  const kept = await tx.monitorVerdict.findMany({
    where: { monitorId, supersededAt: null },
    select: { id: true, feature: true, windowFrom: true },
  });
  const dropped = kept.filter(({ feature, windowFrom }) => !watched.has(`${feature} ${windowFrom.toISOString()}`));
  await supersedeVerdicts(
    tx,
    dropped.map(({ id }) => id),
  );
}

function toRow(monitor: MonitorDefinition, definitionVersionId: string, verdict: DriftWindowVerdict) {
  return {
    ...verdictRow(definitionVersionId, verdict),
    metric: verdict.details?.figure ?? monitor.metric,
    warn: verdict.warn,
    critical: verdict.critical,
    ...(verdict.details && { details: asJson(verdict.details) }),
  };
}
