import type { MonitorSummary, MonitorVerdict } from "@/lib/contracts/monitors";
import { prisma } from "@/lib/db/client";
import type { Monitor, MonitorVerdict as VerdictRow } from "@/lib/db/generated/client";
import type { MonitorDefinition } from "@/lib/domain/definitions/monitor";
import type { DriftState } from "@/lib/domain/drift/drift-verdict";
import { arePartial } from "@/lib/domain/drift/partial-window";
import { DomainError } from "@/lib/domain/errors";
import { isDatasetDrift } from "@/lib/domain/monitors/dataset-drift";
import { thresholdsOf } from "@/lib/domain/monitors/evaluate-monitor";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import type { Principal } from "@/lib/domain/principal";
import { baselineOf } from "./effective-definition";
import { openScopeFor, type Scope } from "../scope";
import { definitionOf, verdictDetailsOf } from "../stored-json";

export type Row = Monitor;

/** What the verdicts and alerts of a monitor come to. */
export interface Seen {
  /** Begin of a window → its features by how they were judged. */
  windows: Map<string, { features: number; judged: number; drifted: number; rows: number }>;
  features: number;
  alerts: number;
}

/** What a monitor of profiles watches: concept monitors have a definition of their own. */
export function monitorOf(row: Pick<Row, "definition">): MonitorDefinition {
  return definitionOf("Monitor", row) as MonitorDefinition;
}

/** Keeps why a monitor could not be evaluated, for its page. */
export async function recordMonitorFailure(id: string, reason: string): Promise<void> {
  await prisma().monitor.update({ where: { id }, data: { lastRunAt: new Date(), lastError: reason } });
}

export function summarise(
  row: Row,
  { windows, features, alerts }: Seen,
  nameOf: (id: string) => string,
): MonitorSummary {
  const monitor = monitorOf(row);
  const baseline = baselineOf(row);
  const byTime = [...windows].sort(([one], [other]) => (one < other ? -1 : 1));
  // A month that has only begun says little: the newest window is the newest whole one that most features could be judged in.
  const partial = arePartial(byTime.map(([, { rows, features: judged }]) => rows / judged));
  const whole = byTime.filter((_, at) => !partial[at]);
  const [from, newest] = whole.findLast(([, counts]) => counts.judged * 2 >= counts.features) ?? byTime.at(-1) ?? [];
  const thresholds = thresholdsOf(monitor);
  return {
    name: row.name,
    description: row.description,
    owner: row.owner,
    view: monitor.view ?? null,
    model: monitor.model ?? null,
    source: monitor.source ?? null,
    environment: monitor.environment,
    reference: monitor.reference,
    baseline: baseline && { ...baseline, by: nameOf(baseline.by) },
    metric: monitor.metric,
    warn: thresholds?.warn ?? null,
    critical: thresholds?.critical ?? null,
    calibrated: monitor.calibrated ?? false,
    minRows: monitor.minRows ?? 30,
    after: monitor.after ?? 1,
    schedule: monitor.schedule ?? null,
    nextRunAt: row.nextRunAt?.toISOString() ?? null,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    lastError: row.lastError,
    features,
    alerts,
    dataset:
      from !== undefined && newest
        ? { from, judged: newest.judged, drifted: newest.drifted, isDrift: isDatasetDrift(newest) }
        : null,
  };
}

export function toVerdict(row: VerdictRow): Omit<MonitorVerdict, "isPartial"> {
  const details = verdictDetailsOf(row.details);
  return {
    feature: row.feature,
    from: row.windowFrom.toISOString(),
    to: row.windowTo.toISOString(),
    state: row.state as DriftState,
    metric: row.metric,
    score: row.score,
    severity: row.severity,
    warn: row.warn,
    critical: row.critical,
    because: details?.because ?? null,
    test: details?.test ?? null,
    missing: details?.missing ?? null,
    noise: details?.calibration ? { model: details.calibration.model, score: details.calibration.score } : null,
    referenceRows: Number(row.referenceRows),
    rows: Number(row.rows),
    reference: row.reference,
    explanation: row.explanation,
  };
}

export async function openMonitor(
  principal: Principal,
  workspace: string,
  name: string,
  verb: "feature:read" | "monitor:edit" | "spec:apply",
): Promise<{ scope: Scope; row: Row }> {
  const scope = await openScopeFor(principal, workspace, verb);
  const row = await prisma().monitor.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!row || row.retiredAt)
    throw new DomainError("not_found", `There is no monitor \`${name}\` in workspace ${workspace}.`);
  if (isConceptMonitor(row.definition))
    throw new DomainError(
      "not_found",
      `Monitor \`${name}\` watches concept drift: GET /api/v1/concept-drift has what it found, the tab Concept of /drift shows it.`,
    );
  return { scope, row };
}
