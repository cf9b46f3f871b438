import type { z } from "zod";
import type {
  ConceptDrift,
  ConceptPoint,
  ConceptSeries,
  getConceptDrift as contract,
} from "@/lib/contracts/concept-drift";
import { prisma } from "@/lib/db/client";
import type { Monitor, MonitorVerdict } from "@/lib/db/generated/client";
import { METRIC_FACTS } from "@/lib/domain/definitions/outcome-metrics";
import type { DriftState } from "@/lib/domain/drift/drift-verdict";
import {
  CONCEPT_METRICS,
  type ConceptMonitorDefinition,
  conceptThresholds,
  isConceptMonitor,
} from "@/lib/domain/definitions/concept-monitor";
import type { ConceptDetails } from "@/lib/domain/monitors/concept-verdicts";
import type { Principal } from "@/lib/domain/principal";
import { openScopeFor } from "../scope";
import { conceptDetailsOf } from "../stored-json";

/** What the concept monitors found, from stored verdicts only. */
export async function getConceptDrift(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<ConceptDrift> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const rows = await prisma().monitor.findMany({
    where: { workspaceId: workspace.id, retiredAt: null, definition: { path: ["drift"], equals: "concept" } },
    orderBy: { name: "asc" },
    include: {
      verdicts: { where: { supersededAt: null }, orderBy: { windowFrom: "asc" } },
      alerts: { where: { liveKey: { not: null } }, orderBy: { number: "desc" }, select: { number: true } },
    },
  });
  const deployments = await prisma().deployment.findMany({
    where: { workspaceId: workspace.id, model: { not: null } },
    orderBy: { name: "asc" },
    select: { name: true, model: true },
  });
  const models = await prisma().model.findMany({
    where: { workspaceId: workspace.id },
    orderBy: { name: "asc" },
    select: { name: true },
  });
  const series = rows.flatMap((row) => {
    if (!isConceptMonitor(row.definition)) return [];
    const { definition } = row;
    if (query.model !== undefined && definition.model !== query.model) return [];
    const predicting = deployments.filter(({ model }) => model === definition.model).map(({ name }) => name);
    return [
      toSeries(row, definition, row.verdicts, {
        deployments: predicting,
        alerts: row.alerts.map(({ number }) => number),
      }),
    ];
  });
  return {
    series: series.sort((one, other) => (one.model < other.model ? -1 : one.model > other.model ? 1 : 0)),
    models: models.map(({ name }) => name),
  };
}

function toSeries(
  row: Monitor,
  monitor: ConceptMonitorDefinition,
  verdicts: readonly MonitorVerdict[],
  { deployments, alerts }: Pick<ConceptSeries, "deployments" | "alerts">,
): ConceptSeries {
  const { label, lowerIsBetter } = METRIC_FACTS[CONCEPT_METRICS[monitor.metric]];
  const points = verdicts.map(toPoint);
  const joined = points.reduce((sum, { n }) => sum + n, 0);
  const predictions = points.reduce((sum, { n, missingLabels }) => sum + n + missingLabels, 0);
  return {
    monitor: row.name,
    description: row.description,
    owner: row.owner,
    model: monitor.model,
    environment: monitor.environment ?? "production",
    deployments,
    prediction: verdicts[0]?.feature ?? null,
    metric: monitor.metric,
    metricName: label,
    lowerIsBetter,
    window: monitor.window,
    ...conceptThresholds(monitor),
    minEffect: monitor.minEffect ?? 0,
    schedule: monitor.schedule ?? null,
    fit: monitor.onAlert?.fit ?? null,
    evaluation: detailsOf(verdicts.at(-1))?.evaluation ?? null,
    arrived: predictions === 0 ? null : joined / predictions,
    predictions,
    points,
    alerts,
    lastRunAt: row.lastRunAt?.toISOString() ?? null,
    lastError: row.lastError,
  };
}

function detailsOf(verdict: MonitorVerdict | undefined): ConceptDetails | null {
  return verdict ? conceptDetailsOf(verdict.details) : null;
}

function toPoint(verdict: MonitorVerdict): ConceptPoint {
  const details = detailsOf(verdict);
  return {
    from: verdict.windowFrom.toISOString(),
    to: verdict.windowTo.toISOString(),
    state: verdict.state as DriftState,
    value: details?.value ?? null,
    lower: details?.lower ?? null,
    upper: details?.upper ?? null,
    p: details?.p ?? null,
    severity: verdict.severity,
    n: details?.n ?? Number(verdict.rows),
    missingLabels: details?.missingLabels ?? 0,
    missingPredictions: details?.missingPredictions ?? 0,
    positives: details?.positives ?? null,
    explanation: verdict.explanation,
  };
}
