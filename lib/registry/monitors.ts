import type { z } from "zod";
import type {
  lookWithMonitor as lookContract,
  MonitorDetail,
  MonitorSummary,
  MonitorVerdict,
  tryMonitor as tryContract,
} from "@/lib/contracts/monitors";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import type { Monitor, MonitorVerdict as VerdictRow } from "@/lib/db/generated/client";
import type { MonitorDefinition } from "@/lib/domain/definitions";
import { judgeDrift, type DriftState } from "@/lib/domain/drift/judge-drift";
import { DomainError } from "@/lib/domain/errors";
import {
  evaluateMonitor,
  judgeDataset,
  type MonitoredFeature,
  thresholdsOf,
  type WindowVerdict,
} from "@/lib/domain/monitors/evaluate-monitor";
import { planAlerts } from "@/lib/domain/monitors/plan-alerts";
import type { Principal } from "@/lib/domain/principal";
import { loadMonitoredFeatures } from "./monitored-features";
import { type MonitorLook, runMonitor } from "./run-monitor";
import { openScopeFor, type Scope } from "./scope";

export async function listMonitors(
  principal: Principal,
  workspace: string,
): Promise<{ items: MonitorSummary[]; total: number; nextCursor: null }> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const rows = await prisma().monitor.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null },
    orderBy: { name: "asc" },
    include: { verdicts: { orderBy: VERDICT_ORDER }, _count: { select: { alerts: { where: LIVE } } } },
  });
  const items = rows.map((row) => summarise(row, row.verdicts, row._count.alerts));
  return { items, total: items.length, nextCursor: null };
}

export async function getMonitor(principal: Principal, workspace: string, name: string): Promise<MonitorDetail> {
  const { row } = await openMonitor(principal, workspace, name, "feature:read");
  const verdicts = await prisma().monitorVerdict.findMany({ where: { monitorId: row.id }, orderBy: VERDICT_ORDER });
  const alerts = await prisma().alert.count({ where: { monitorId: row.id, ...LIVE } });
  return {
    ...summarise(row, verdicts, alerts),
    yaml: writeSpec(definitionOf(row)),
    verdicts: verdicts.map((verdict) => toVerdict(fromRow(verdict))),
  };
}

/** Judges windows from stored profiles now: the whole history, or a range. */
export async function lookWithMonitor(
  principal: Principal,
  name: string,
  request: z.output<(typeof lookContract)["body"]>,
): Promise<MonitorLook> {
  const { row } = await openMonitor(principal, request.workspace, name, "monitor:edit");
  const { from, to } = request;
  if (from && to && Date.parse(from) >= Date.parse(to))
    throw new DomainError("invalid", `The range ends before it begins: ${from} to ${to}.`, {
      issues: [{ path: ["to"], message: "expected an instant after `from`", found: to }],
    });
  return (
    (await runMonitor(row.id, { ...(from && { from }), ...(to && { to }) })) ?? { judged: 0, opened: 0, resolved: 0 }
  );
}

/** What a monitor would have said of the history that is stored. Nothing is kept. */
export async function tryMonitor(principal: Principal, request: z.output<(typeof tryContract)["body"]>) {
  const scope = await openScopeFor(principal, request.workspace, "feature:read");
  const { workspace: _, ...asked } = request;
  if ((asked.view === undefined) === (asked.model === undefined))
    throw new DomainError("invalid", "Name either a feature view or a model to watch.", {
      issues: [{ path: ["view"], message: "expected a view or a model", expected: "exactly one of the two" }],
    });
  const monitor: MonitorDefinition = { ...asked, kind: "Monitor", name: "preview" };
  const { warn, critical } = thresholdsOf(monitor);
  if (critical < warn)
    throw new DomainError("invalid", `The critical threshold ${critical} is below the warning threshold ${warn}.`, {
      issues: [{ path: ["critical"], message: `expected at least ${warn}`, found: String(critical) }],
    });
  const features = await loadMonitoredFeatures(scope.workspace.id, monitor);
  const verdicts = evaluateMonitor(monitor, features);
  const steps = planAlerts(monitor, [], verdicts);
  const noiseFloor = features.flatMap((feature) => noiseOf(monitor, feature));
  const noise = Math.max(0, ...noiseFloor.map(({ score }) => score));
  return {
    verdicts: verdicts.map(toVerdict),
    alerts: steps.length,
    alerting: steps.flatMap((step) => (step.kind === "open" ? [step.verdict.feature] : [])),
    noiseFloor,
    suggestedWarn: noise > warn ? noise : null,
  };
}

/** How far the test part is from the train part: whatever is nearer than that is noise. */
function noiseOf({ metric }: MonitorDefinition, { feature, parts }: MonitoredFeature) {
  const { train, test } = parts;
  if (!train || !test) return [];
  try {
    const { score } = judgeDrift({ metric, reference: train, current: test });
    return score === null ? [] : [{ feature, score }];
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

const LIVE = { liveKey: { not: null } };
const VERDICT_ORDER = [{ feature: "asc" }, { windowFrom: "asc" }] as const satisfies object[];

/** The column was written by `applySpecs` from a parsed definition. */
function definitionOf(row: Monitor): MonitorDefinition {
  return row.definition as unknown as MonitorDefinition;
}

function summarise(row: Monitor, verdicts: readonly VerdictRow[], alerts: number): MonitorSummary {
  const monitor = definitionOf(row);
  const windows = judgeDataset(verdicts.map(fromRow));
  // A month that has only begun says little: the newest window is the newest that most features could be judged in.
  const newest = windows.findLast(({ judged, features }) => judged * 2 >= features) ?? windows.at(-1);
  return {
    name: row.name,
    description: row.description,
    owner: row.owner,
    view: monitor.view ?? null,
    model: monitor.model ?? null,
    environment: monitor.environment,
    reference: monitor.reference,
    metric: monitor.metric,
    ...thresholdsOf(monitor),
    minRows: monitor.minRows ?? 30,
    after: monitor.after ?? 1,
    schedule: monitor.schedule ?? null,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    lastError: row.lastError,
    features: new Set(verdicts.map(({ feature }) => feature)).size,
    alerts,
    dataset: newest
      ? { from: newest.from, judged: newest.judged, drifted: newest.drifted, isDrift: newest.isDrift }
      : null,
  };
}

function fromRow(row: VerdictRow): WindowVerdict {
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

function toVerdict({ versionId: _, rows: [referenceRows, rows], ...verdict }: WindowVerdict): MonitorVerdict {
  return { ...verdict, referenceRows, rows };
}

async function openMonitor(
  principal: Principal,
  workspace: string,
  name: string,
  verb: "feature:read" | "monitor:edit",
): Promise<{ scope: Scope; row: Monitor }> {
  const scope = await openScopeFor(principal, workspace, verb);
  const row = await prisma().monitor.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!row || row.retiredAt)
    throw new DomainError("not_found", `There is no monitor \`${name}\` in workspace ${workspace}.`);
  return { scope, row };
}
