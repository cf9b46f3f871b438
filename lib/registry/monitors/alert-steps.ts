import type { Transaction } from "@/lib/db/client";
import type { WindowVerdict } from "@/lib/domain/monitors/evaluate-monitor";
import type { AlertDrop, AlertStep, LiveAlert } from "@/lib/domain/monitors/plan-alerts";
import { SYSTEM } from "@/lib/domain/principal";
import { alertNotice } from "./alert-notice";
import { announce, type Notice } from "../notifications/announce";

/** The monitor's alerts that are not resolved. */
export async function findLiveAlerts(tx: Transaction, monitorId: string): Promise<LiveAlert[]> {
  const rows = await tx.alert.findMany({ where: { monitorId, liveKey: { not: null } } });
  return rows.map(({ id, feature, firstFrom, lastFrom, level, score }) => ({
    id,
    feature,
    // The level is the state of a window that alarms.
    said: { state: level as WindowVerdict["state"], score },
    firstFrom: firstFrom.toISOString(),
    lastFrom: lastFrom.toISOString(),
  }));
}

interface Of {
  workspaceId: string;
  monitorId: string;
  /** The monitor's name. */
  monitor: string;
  /** Whether it watches concept drift. */
  isConcept?: boolean;
}

/** Opens, updates and resolves alerts as planned, with an event each; channels are told of what opens and ends, not of every window. */
export async function takeAlertSteps(
  tx: Transaction,
  of: Of,
  steps: readonly (AlertStep | AlertDrop)[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`alerts:${of.workspaceId}`}, 0))`;
  const { _max } = await tx.alert.aggregate({ where: { workspaceId: of.workspaceId }, _max: { number: true } });
  let number = _max.number ?? 0;
  const notices: Notice[] = [];
  // What ends goes first: the next alert of the same feature takes its place.
  for (const step of [...steps].sort((one, other) => Number(one.kind === "open") - Number(other.kind === "open"))) {
    if (step.kind === "resolve") notices.push(await resolve(tx, of, step.id, fineAgain(step.verdict)));
    else if (step.kind === "drop") notices.push(await resolve(tx, of, step.id, UNWATCHED));
    else if (step.kind === "update") await update(tx, step);
    else if (step.kind === "past") await open(tx, of, step, ++number);
    else notices.push(await open(tx, of, step, ++number));
  }
  await announce(tx, of.workspaceId, notices);
}

const UNWATCHED = "The windows that it was about are no longer watched.";

function fineAgain({ from, explanation }: WindowVerdict): string {
  return `Fine again in the window from ${from.slice(0, 10)}: ${explanation}`;
}

async function resolve(
  tx: Transaction,
  { monitor, isConcept = false }: Of,
  id: string,
  comment: string,
): Promise<Notice> {
  const alert = await tx.alert.update({
    where: { id },
    data: { state: "resolved", liveKey: null, resolvedAt: new Date(), snoozedUntil: null },
  });
  await tx.alertEvent.create({ data: { alertId: id, action: "resolved", actor: SYSTEM.id, comment } });
  return alertNotice("alert.resolved", { ...alert, monitor, isConcept }, { by: SYSTEM.name, comment });
}

async function update(tx: Transaction, step: Extract<AlertStep, { kind: "update" }>): Promise<void> {
  const { worst } = await tx.alert.findUniqueOrThrow({ where: { id: step.id }, select: { worst: true } });
  await tx.alert.update({
    where: { id: step.id },
    data: {
      ...newest(step.verdict),
      windows: { increment: step.windows },
      worst: worst === null ? step.worst : Math.max(worst, step.worst ?? 0),
    },
  });
  await tx.alertEvent.create({
    data: { alertId: step.id, action: "updated", actor: SYSTEM.id, comment: step.verdict.explanation },
  });
}

async function open(
  tx: Transaction,
  { workspaceId, monitorId, monitor, isConcept = false }: Of,
  step: Extract<AlertStep, { kind: "open" | "past" }>,
  number: number,
): Promise<Notice> {
  const isPast = step.kind === "past";
  const alert = await tx.alert.create({
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
  });
  const { id } = alert;
  const opened = { alertId: id, action: "opened", actor: SYSTEM.id, comment: step.verdict.explanation };
  const ended = isPast && {
    alertId: id,
    action: "resolved",
    actor: SYSTEM.id,
    comment: `Fine again in the window from ${step.end.from.slice(0, 10)}.`,
  };
  await tx.alertEvent.createMany({ data: ended ? [opened, ended] : [opened] });
  return alertNotice("alert.opened", { ...alert, monitor, isConcept });
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
