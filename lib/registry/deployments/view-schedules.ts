import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { nextTime, parseSchedule } from "@/lib/domain/schedule/schedule";
import { goingViewRun, planViewRuns, queueViewRun } from "./view-runs";
import { systemScope } from "../scope";

/** What became of a view that was due. */
export interface DueView {
  view: string;
  outcome: { started: string[] } | { skipped: number } | { failed: string };
}

/**
 * Computes what is missing of every view whose time has come. The next time is set first and only by the caller that finds the
 * old one, so that any number of callers start a view once, and times that were missed count as one. A view whose run is still
 * going is left out, and that run's log says so.
 */
export async function startDueViews(now: Date): Promise<DueView[]> {
  const due = await prisma().featureView.findMany({
    where: { nextRunAt: { lte: now }, schedule: { not: null }, retiredAt: null },
    include: { workspace: { select: { id: true, name: true } } },
    orderBy: { nextRunAt: "asc" },
  });
  if (due.length === 0) return [];
  await openQueue();
  const started: DueView[] = [];
  for (const view of due) {
    const schedule = view.schedule as string;
    const { count } = await prisma().featureView.updateMany({
      where: { id: view.id, nextRunAt: view.nextRunAt },
      data: { nextRunAt: nextTime(schedule, now) },
    });
    if (count === 0) continue;
    try {
      const outcome = await prisma().$transaction(async (tx): Promise<DueView["outcome"]> => {
        const going = await goingViewRun(tx, view.workspaceId, view.name);
        if (going) {
          const message = `The schedule \`${schedule}\` of view ${view.name} asked for its next run at ${now.toISOString()}; it is skipped, because this run is still ${going.state}.`;
          await tx.runLog.create({ data: { runId: going.id, level: "warn", message } });
          return { skipped: going.number };
        }
        const scope = systemScope(view.workspace);
        const ids: string[] = [];
        for (const run of await planViewRuns(tx, view)) ids.push(await queueViewRun(tx, scope, view, run));
        return { started: ids };
      });
      started.push({ view: view.name, outcome });
    } catch (error) {
      // One view that cannot be started must not hold up the others.
      started.push({ view: view.name, outcome: { failed: error instanceof Error ? error.message : String(error) } });
    }
  }
  return started;
}

/**
 * Gives a next time to views whose schedule was declared before schedules of views were kept.
 * @returns why the others have none
 */
export async function placeViewSchedules(now: Date): Promise<string[]> {
  const views = await prisma().featureView.findMany({
    where: { schedule: { not: null }, nextRunAt: null, retiredAt: null },
    select: { id: true, name: true, schedule: true },
  });
  const refused: string[] = [];
  for (const { id, name, schedule } of views)
    try {
      const nextRunAt = nextTime(parseSchedule(schedule as string, ["FeatureView", name, "schedule"]), now);
      await prisma().featureView.update({ where: { id }, data: { nextRunAt } });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      refused.push(`${name}: ${error.message}`);
    }
  return refused;
}
