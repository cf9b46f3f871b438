import { log } from "@/lib/config/log";
import { prisma } from "@/lib/db/client";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import { queueConceptEvaluation } from "@/lib/registry/monitors/concept-evaluations";
import { nextTime } from "@/lib/domain/schedule/schedule";
import { monitorOf, recordMonitorFailure } from "./row";
import { runMonitor } from "./run-monitor";

/** Evaluates every monitor without a schedule on what a run has just profiled. */
export async function evaluateAfterRun(workspaceId: string): Promise<void> {
  const monitors = await prisma().monitor.findMany({
    where: { workspaceId, retiredAt: null, nextRunAt: null },
    select: { id: true, name: true, definition: true },
    orderBy: { name: "asc" },
  });
  for (const monitor of monitors) await evaluate(monitor);
}

/**
 * Evaluates every monitor whose time has come. The next time is set first and only by the caller that finds the old one, so
 * that any number of workers evaluate it once, and times that were missed count as one.
 */
export async function evaluateWhenDue(now: Date): Promise<void> {
  const due = await prisma().monitor.findMany({
    where: { nextRunAt: { lte: now }, retiredAt: null, workspace: { archivedAt: null } },
    select: { id: true, name: true, nextRunAt: true, definition: true },
    orderBy: { nextRunAt: "asc" },
  });
  for (const { nextRunAt, ...monitor } of due) {
    const { schedule } = monitorOf(monitor);
    const { count } = await prisma().monitor.updateMany({
      where: { id: monitor.id, nextRunAt },
      data: { nextRunAt: schedule ? nextTime(schedule, now) : null },
    });
    if (count === 1) await evaluate(monitor);
  }
}

/** One monitor that fails says so on its page and must not keep the others from being evaluated. */
async function evaluate({ id, name, definition }: { id: string; name: string; definition: unknown }): Promise<void> {
  try {
    if (isConceptMonitor(definition)) return await queueConceptEvaluation(id);
    await runMonitor(id);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log().error({ err: error, monitor: name }, "a monitor could not be evaluated");
    await recordMonitorFailure(id, reason);
  }
}
