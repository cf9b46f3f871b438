import type { z } from "zod";
import type { AlertEntry, handleAlert as handleContract, listAlerts as listContract } from "@/lib/contracts/monitors";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Actor } from "@/lib/domain/actor";
import { DomainError } from "@/lib/domain/errors";
import { alertPicture } from "@/lib/domain/monitors/alert-picture";
import { ALERT_ACTIONS, type AlertAction, type AlertState, stateNow } from "@/lib/domain/monitors/plan-alerts";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { alertNotice } from "./alert-notice";
import { subjectOf, WITH_SUBJECT } from "./alert-subject";
import { announce } from "../notifications/announce";
import { numberOf } from "../paging";
import { recordEvent } from "../record-event";
import { openScopeFor } from "../scope";

const WITH = {
  ...WITH_SUBJECT,
  events: { orderBy: { at: "asc" } },
} as const satisfies Prisma.AlertInclude;
type Row = Prisma.AlertGetPayload<{ include: typeof WITH }>;

/** Alerts, the newest first. A snoozed alert whose time is over is open again. */
export async function listAlerts(principal: Principal, query: z.output<(typeof listContract)["query"]>) {
  const scope = await openScopeFor(principal, query.workspace, "feature:read");
  const where: Prisma.AlertWhereInput = {
    workspaceId: scope.workspace.id,
    ...(query.monitor && { monitor: { name: query.monitor } }),
    ...whereState(query.state, new Date()),
  };
  const before = numberOf(query.cursor);
  const rows = await prisma().alert.findMany({
    where: { ...where, ...(before !== undefined && { number: { lt: before } }) },
    orderBy: { number: "desc" },
    take: query.limit + 1,
    include: WITH,
  });
  const page = rows.slice(0, query.limit);
  return {
    items: await toEntries(page, scope.actor),
    total: await prisma().alert.count({ where }),
    nextCursor: rows.length > query.limit ? String(page.at(-1)?.number) : null,
  };
}

function whereState(state: z.output<(typeof listContract)["query"]>["state"], now: Date): Prisma.AlertWhereInput {
  const awake = { state: "snoozed", snoozedUntil: { lte: now } };
  switch (state) {
    case "all":
      return {};
    case "live":
      return { liveKey: { not: null } };
    case "open":
      return { OR: [{ state: "open" }, awake] };
    case "snoozed":
      return { state: "snoozed", snoozedUntil: { gt: now } };
    default:
      return { state };
  }
}

/**
 * Acknowledges, snoozes or resolves an alert. Throws `conflict` when its state does not allow that any more, so that of two
 * people at once one is told.
 */
export async function handleAlert(
  principal: Principal,
  number: number,
  request: z.output<(typeof handleContract)["body"]>,
): Promise<AlertEntry> {
  const scope = await openScopeFor(principal, request.workspace, "alert:handle");
  const { action, comment, until } = request;
  assertSaid(action, comment, until);
  const now = new Date();
  const id = await prisma().$transaction(async (tx) => {
    const alert = await tx.alert.findUnique({
      where: { workspaceId_number: { workspaceId: scope.workspace.id, number } },
      include: WITH_SUBJECT,
    });
    if (!alert) throw new DomainError("not_found", `There is no alert ${number} in workspace ${scope.workspace.name}.`);
    const before = stateNow(alert as typeof alert & { state: AlertState }, now);
    const after = AFTER[action];
    // The state is in the condition, so that of two at once only the first finds its row.
    const { count } = ALERT_ACTIONS[action].includes(before)
      ? await tx.alert.updateMany({
          where: { id: alert.id, state: alert.state, updatedAt: alert.updatedAt },
          data: {
            state: after,
            snoozedUntil: action === "snooze" && until ? new Date(until) : null,
            ...(action === "resolve" && { liveKey: null, resolvedAt: now }),
          },
        })
      : { count: 0 };
    if (count === 0)
      throw new DomainError("conflict", `Alert ${number} is ${before} and cannot be ${after} now. Load it again.`, {
        state: before,
      });
    const words = [comment, action === "snooze" && `until ${until}`].filter(Boolean).join("; ");
    await tx.alertEvent.create({ data: { alertId: alert.id, action: after, actor: scope.actor.id, comment: words } });
    const told = { ...alert, state: after, ...subjectOf(alert) };
    if (after !== "snoozed")
      await announce(tx, scope.workspace.id, [
        alertNotice(`alert.${after}`, told, { by: scope.actor.name, comment: words }),
      ]);
    await recordEvent(tx, scope, {
      action: `alert.${action}`,
      object: `alert/${number}`,
      before: { state: before },
      after: { state: after, monitor: told.monitor, feature: alert.feature, comment },
    });
    return alert.id;
  });
  const row = await prisma().alert.findUniqueOrThrow({ where: { id }, include: WITH });
  return (await toEntries([row], scope.actor))[0] as AlertEntry;
}

const AFTER = {
  acknowledge: "acknowledged",
  snooze: "snoozed",
  resolve: "resolved",
} as const satisfies Record<AlertAction, AlertState>;

function assertSaid(action: AlertAction, comment: string, until: string | undefined): void {
  const issue = (path: string, message: string, expected: string): never => {
    throw new DomainError("invalid", message, { issues: [{ path: [path], message, expected }] });
  };
  if (action === "snooze" && !until) issue("until", "A snooze needs an end.", "an instant in the future");
  if (action === "snooze" && until && Date.parse(until) <= Date.now())
    issue("until", "The snooze would be over already.", "an instant in the future");
  if (action !== "snooze" && comment === "") issue("comment", `Give a reason for the next reader.`, "a sentence");
}

async function toEntries(rows: readonly Row[], actor: Actor): Promise<AlertEntry[]> {
  const nameOf = await actorNames(rows.flatMap((row) => row.events.map((event) => event.actor)));
  const now = new Date();
  return rows.map((row) => {
    const state = stateNow(row as Row & { state: AlertState }, now);
    const subject = subjectOf(row);
    const actions = (Object.keys(ALERT_ACTIONS) as AlertAction[]).filter((action) =>
      ALERT_ACTIONS[action].includes(state),
    );
    return {
      number: row.number,
      about: subject.isFreshness ? "view" : "monitor",
      monitor: subject.monitor,
      feature: row.feature,
      state,
      level: row.level === "critical" ? "critical" : "warn",
      firstFrom: row.firstFrom.toISOString(),
      lastFrom: row.lastFrom.toISOString(),
      windows: row.windows,
      score: row.score,
      worst: row.worst,
      explanation: row.explanation,
      picture: alertPicture({ ...subject, feature: row.feature, lastFrom: row.lastFrom }),
      snoozedUntil: state === "snoozed" ? (row.snoozedUntil?.toISOString() ?? null) : null,
      openedAt: row.openedAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
      actions: can(actor.roles, "alert:handle") ? actions : [],
      events: row.events.map((event) => ({
        at: event.at.toISOString(),
        action: event.action,
        actor: nameOf(event.actor),
        comment: event.comment,
      })),
    };
  });
}
