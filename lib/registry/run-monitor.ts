import { type Transaction, prisma } from "@/lib/db/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import {
  evaluateMonitor,
  judgeDataset,
  thresholdsOf,
  type WindowVerdict,
} from "@/lib/domain/monitors/evaluate-monitor";
import { type AlertStep, type LiveAlert, planAlerts } from "@/lib/domain/monitors/plan-alerts";
import { SYSTEM } from "@/lib/domain/principal";
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
      const live = await liveAlerts(tx, monitorId);
      const steps = planAlerts(monitor, live, verdicts);
      await takeSteps(tx, { workspaceId: row.workspaceId, monitorId, name: row.name }, steps);
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

async function liveAlerts(tx: Transaction, monitorId: string): Promise<LiveAlert[]> {
  const rows = await tx.alert.findMany({ where: { monitorId, liveKey: { not: null } } });
  return rows.map(({ id, feature, firstFrom, lastFrom }) => ({
    id,
    feature,
    firstFrom: firstFrom.toISOString(),
    lastFrom: lastFrom.toISOString(),
  }));
}

interface Of {
  workspaceId: string;
  monitorId: string;
  name: string;
}

async function takeSteps(tx: Transaction, of: Of, steps: readonly AlertStep[]): Promise<void> {
  if (steps.length === 0) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`alerts:${of.workspaceId}`}, 0))`;
  const { _max } = await tx.alert.aggregate({ where: { workspaceId: of.workspaceId }, _max: { number: true } });
  let number = _max.number ?? 0;
  // What ends goes first: the next alert of the same feature takes its place.
  for (const step of [...steps].sort((one, other) => Number(one.kind === "open") - Number(other.kind === "open"))) {
    if (step.kind === "resolve") await resolve(tx, step);
    else if (step.kind === "update") await update(tx, step);
    else await open(tx, of, step, ++number);
  }
}

async function resolve(tx: Transaction, { id, verdict }: Extract<AlertStep, { kind: "resolve" }>): Promise<void> {
  await tx.alert.update({
    where: { id },
    data: { state: "resolved", liveKey: null, resolvedAt: new Date(), snoozedUntil: null },
  });
  const comment = `Fine again in the window from ${verdict.from.slice(0, 10)}: ${verdict.explanation}`;
  await tx.alertEvent.create({ data: { alertId: id, action: "resolved", actor: SYSTEM.id, comment } });
}

async function update(tx: Transaction, step: Extract<AlertStep, { kind: "update" }>): Promise<void> {
  const { worst } = await tx.alert.findUniqueOrThrow({ where: { id: step.id }, select: { worst: true } });
  await tx.alert.update({
    where: { id: step.id },
    data: {
      ...newest(step.verdict),
      windows: { increment: step.windows },
      worst: Math.max(worst ?? 0, step.worst ?? 0),
    },
  });
  await tx.alertEvent.create({
    data: { alertId: step.id, action: "updated", actor: SYSTEM.id, comment: step.verdict.explanation },
  });
}

async function open(
  tx: Transaction,
  { workspaceId, monitorId }: Of,
  step: Extract<AlertStep, { kind: "open" | "past" }>,
  number: number,
): Promise<void> {
  const isPast = step.kind === "past";
  const { id } = await tx.alert.create({
    data: {
      workspaceId,
      monitorId,
      number,
      feature: step.verdict.feature,
      ...newest(step.verdict),
      state: isPast ? "resolved" : "open",
      liveKey: isPast ? null : `${monitorId} ${step.verdict.feature}`,
      firstFrom: new Date(step.first.from),
      windows: step.windows,
      worst: step.worst,
      resolvedAt: isPast ? new Date() : null,
    },
    select: { id: true },
  });
  const opened = { alertId: id, action: "opened", actor: SYSTEM.id, comment: step.verdict.explanation };
  const ended = isPast && {
    alertId: id,
    action: "resolved",
    actor: SYSTEM.id,
    comment: `Fine again in the window from ${step.end.from.slice(0, 10)}.`,
  };
  await tx.alertEvent.createMany({ data: ended ? [opened, ended] : [opened] });
}

function newest(verdict: WindowVerdict) {
  return {
    level: verdict.state,
    lastFrom: new Date(verdict.from),
    lastTo: new Date(verdict.to),
    score: verdict.score,
    explanation: verdict.explanation,
  };
}
