import { prisma } from "@/lib/db/client";
import { loadMonitoredFeatures } from "./monitored-features";
import { effectiveDefinition } from "./effective-definition";
import { runMonitor } from "./run-monitor";

/** Windows of time that are judged in one transaction: few enough to see progress, enough not to read profiles again too often. */
const WINDOWS_AT_ONCE = 12;

/** Judges the windows that a backtest asks for, in order of time, and says how far it is. One that was interrupted goes on. */
export async function runBacktest(backtestId: string): Promise<void> {
  const backtest = await prisma().monitorBacktest.findUnique({ where: { id: backtestId }, include: { monitor: true } });
  if (!backtest || backtest.state === "done") return;
  const { monitor, rangeFrom, rangeTo } = backtest;
  const features = await loadMonitoredFeatures(monitor.workspaceId, effectiveDefinition(monitor));
  const windows = [...new Set(features.flatMap((feature) => feature.windows.map(({ from }) => from)))]
    .filter((from) => (!rangeFrom || from >= rangeFrom.toISOString()) && (!rangeTo || from < rangeTo.toISOString()))
    .sort();
  await prisma().monitorBacktest.update({
    where: { id: backtestId },
    data: { state: "running", total: windows.length, error: null },
  });
  for (let done = backtest.done; done < windows.length; done += WINDOWS_AT_ONCE) {
    const next = windows[done + WINDOWS_AT_ONCE];
    const to = next ?? rangeTo?.toISOString();
    const found = await runMonitor(monitor.id, { from: windows[done] as string, ...(to !== undefined && { to }) });
    await prisma().monitorBacktest.update({
      where: { id: backtestId },
      data: {
        done: Math.min(done + WINDOWS_AT_ONCE, windows.length),
        judged: { increment: found?.judged ?? 0 },
        opened: { increment: found?.opened ?? 0 },
        resolved: { increment: found?.resolved ?? 0 },
      },
    });
  }
  await prisma().monitorBacktest.update({ where: { id: backtestId }, data: { state: "done", finishedAt: new Date() } });
}

/** A backtest that failed says so; a later attempt of its job goes on where it stopped. */
export async function recordBacktestFailure(backtestId: string, reason: string): Promise<void> {
  await prisma().monitorBacktest.updateMany({
    where: { id: backtestId, state: { not: "done" } },
    data: { state: "failed", error: reason, finishedAt: new Date() },
  });
}
