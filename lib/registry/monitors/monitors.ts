import type { MonitorDetail, MonitorSummary } from "@/lib/contracts/monitors";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import { markPartial } from "@/lib/domain/drift/partial-window";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { newestBacktest } from "./backtests";
import { monitorOf, openMonitor, type Row, type Seen, summarise, toVerdict } from "./row";
import { loadMonitoredFeatures } from "./monitored-features";
import { baselineOf } from "./effective-definition";
import { openScopeFor } from "../scope";

export async function listMonitors(
  principal: Principal,
  workspace: string,
): Promise<{ items: MonitorSummary[]; total: number; nextCursor: null }> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const rows = await prisma().monitor.findMany({
    where: { workspaceId: scope.workspace.id, retiredAt: null },
    orderBy: { name: "asc" },
  });
  // Concept drift has a list of its own: its windows are joined with outcomes, not profiled.
  const items = await toSummaries(rows.filter(({ definition }) => !isConceptMonitor(definition)));
  return { items, total: items.length, nextCursor: null };
}

export async function getMonitor(principal: Principal, workspace: string, name: string): Promise<MonitorDetail> {
  const { scope, row } = await openMonitor(principal, workspace, name, "feature:read");
  const [summary] = (await toSummaries([row])) as [MonitorSummary];
  const verdicts = await prisma().monitorVerdict.findMany({
    where: { monitorId: row.id, supersededAt: null },
    orderBy: [{ feature: "asc" }, { windowFrom: "asc" }],
  });
  const features = await loadMonitoredFeatures(scope.workspace.id, monitorOf(row));
  const backtest = await newestBacktest(row.id);
  const windows = new Map(features.flatMap((feature) => feature.windows.map(({ from, to }) => [from, to] as const)));
  return {
    ...summary,
    yaml: writeSpec(monitorOf(row)),
    backtest,
    look: backtest,
    windows: [...windows].sort(([one], [other]) => (one < other ? -1 : 1)),
    verdicts: markPartial(verdicts.map(toVerdict)),
  };
}

/** Counted by the database: a monitor of many features over years has more verdicts than a list should read. */
async function toSummaries(rows: readonly Row[]): Promise<MonitorSummary[]> {
  const monitorId = { in: rows.map(({ id }) => id) };
  const newest = { monitorId, supersededAt: null };
  const states = await prisma().monitorVerdict.groupBy({
    by: ["monitorId", "windowFrom", "state"],
    where: newest,
    _count: { _all: true },
    _sum: { rows: true },
  });
  const features = await prisma().monitorVerdict.groupBy({ by: ["monitorId", "feature"], where: newest });
  const alerts = await prisma().alert.groupBy({
    by: ["monitorId"],
    where: { monitorId, liveKey: { not: null } },
    _count: { _all: true },
  });
  const nameOf = await actorNames(rows.flatMap((row) => baselineOf(row)?.by ?? []));
  const seen = new Map<string, Seen>(rows.map(({ id }) => [id, { windows: new Map(), features: 0, alerts: 0 }]));
  for (const { monitorId: id, windowFrom, state, _count, _sum } of states) {
    const windows = (seen.get(id) as Seen).windows;
    const from = windowFrom.toISOString();
    const counts = windows.get(from) ?? { features: 0, judged: 0, drifted: 0, rows: 0 };
    counts.features += _count._all;
    counts.rows += Number(_sum.rows ?? 0);
    if (state !== "insufficient_data") counts.judged += _count._all;
    if (state === "warn" || state === "critical") counts.drifted += _count._all;
    windows.set(from, counts);
  }
  for (const { monitorId: id } of features) (seen.get(id) as Seen).features += 1;
  for (const { monitorId: id, _count } of alerts) if (id !== null) (seen.get(id) as Seen).alerts = _count._all;
  return rows.map((row) => summarise(row, seen.get(row.id) as Seen, nameOf));
}
