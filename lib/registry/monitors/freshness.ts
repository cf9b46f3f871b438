import { prisma, type Transaction } from "@/lib/db/client";
import type { FeatureView } from "@/lib/db/generated/client";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { SYSTEM } from "@/lib/domain/principal";
import { describeAge } from "@/lib/domain/serving/describe-age";
import { valuesServedIn } from "@/lib/domain/serving/values-served";
import { alertNotice } from "./alert-notice";
import { announce } from "../notifications/announce";
import { definitionOf } from "../stored-json";

/** The oldest of a view's served values. */
interface Oldest {
  feature: string;
  /** Newest event time, or when the values were written where rows have no event time; null when there are none. */
  at: Date | null;
}

/**
 * Opens an alert for every view whose served values are older than it allows, says how old they are by now while they stay so, and
 * resolves it when newer ones are served. Values are as old as their newest event time; without one, as when they were written.
 */
export async function checkFreshness(now: Date): Promise<void> {
  const views = await prisma().featureView.findMany({
    where: {
      retiredAt: null,
      OR: [{ freshnessSeconds: { not: null } }, { alerts: { some: { liveKey: { not: null } } } }],
    },
  });
  for (const view of views) await prisma().$transaction((tx) => checkView(tx, view, now));
}

async function checkView(tx: Transaction, view: FeatureView, now: Date): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`alerts:${view.workspaceId}`}, 0))`;
  const live = await tx.alert.findUnique({ where: { liveKey: `view ${view.id}` } });
  const { feature, at } = await findOldest(tx, view);
  // A view that is new has had no time to be filled.
  const since = at ?? view.createdAt;
  const age = (now.getTime() - since.getTime()) / 1000;
  const allowed = view.freshnessSeconds;
  if (allowed === null || age <= allowed) {
    if (live)
      await resolve(tx, view, live.id, allowed === null ? "The view allows any age now." : "Newer values are served.");
    return;
  }
  const explanation =
    at === null
      ? `${view.name} allows values of ${feature} to be ${describeAge(allowed)} old, and has none after ${describeAge(age)}.`
      : `${view.name} allows values of ${feature} to be ${describeAge(allowed)} old, and they are ${describeAge(age)} old: the newest are of ${at.toISOString()}.`;
  const found = { feature, lastFrom: since, lastTo: now, score: age, worst: age / allowed, explanation };
  if (live) {
    await tx.alert.update({
      where: { id: live.id },
      data: { ...found, worst: Math.max(live.worst ?? 0, found.worst) },
    });
    return;
  }
  const { _max } = await tx.alert.aggregate({ where: { workspaceId: view.workspaceId }, _max: { number: true } });
  const alert = await tx.alert.create({
    data: {
      ...found,
      workspaceId: view.workspaceId,
      viewId: view.id,
      number: (_max.number ?? 0) + 1,
      state: "open",
      level: "critical",
      liveKey: `view ${view.id}`,
      firstFrom: since,
      windows: 1,
    },
  });
  await tx.alertEvent.create({
    data: { alertId: alert.id, action: "opened", actor: SYSTEM.id, comment: explanation },
  });
  await announce(tx, view.workspaceId, [
    alertNotice("alert.opened", { ...alert, monitor: view.name, isFreshness: true }),
  ]);
}

async function resolve(tx: Transaction, view: FeatureView, id: string, comment: string): Promise<void> {
  const alert = await tx.alert.update({
    where: { id },
    data: { state: "resolved", liveKey: null, resolvedAt: new Date(), snoozedUntil: null },
  });
  await tx.alertEvent.create({ data: { alertId: id, action: "resolved", actor: SYSTEM.id, comment } });
  const told = { ...alert, monitor: view.name, isFreshness: true };
  await announce(tx, view.workspaceId, [alertNotice("alert.resolved", told, { by: SYSTEM.name, comment })]);
}

/** In the furthest environment that serves each feature. */
async function findOldest(tx: Transaction, view: FeatureView): Promise<Oldest> {
  const { definition } = await tx.entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId: view.workspaceId, name: view.entity } },
    select: { definition: true },
  });
  const isTimed = definitionOf("Entity", { definition }).eventTime !== undefined;
  const features = await tx.feature.findMany({
    where: { workspaceId: view.workspaceId, name: { in: view.features } },
    select: { name: true, pointers: { select: { environment: true, versionId: true } } },
  });
  const facts = { createdAt: true, environment: true, datasetVersion: { select: { timeTo: true } } } as const;
  const ages: Oldest[] = [];
  for (const name of view.features) {
    const pointers = features.find((feature) => feature.name === name)?.pointers ?? [];
    const environment = ENVIRONMENTS.toReversed().find((one) =>
      pointers.some((pointer) => pointer.environment === one),
    );
    const versionId = pointers.find((pointer) => pointer.environment === environment)?.versionId;
    if (environment === undefined || versionId === undefined) {
      ages.push({ feature: name, at: null });
      continue;
    }
    const newestFirst = { orderBy: { createdAt: "desc" }, select: facts } as const;
    const values = view.online
      ? await tx.materialisation.findMany({
          where: { viewId: view.id, featureVersionIds: { has: versionId } },
          ...newestFirst,
        })
      : await tx.featureValues.findMany({ where: { featureVersionId: versionId }, ...newestFirst });
    const served = valuesServedIn(environment, values);
    ages.push({
      feature: name,
      at: served ? ((isTimed ? served.datasetVersion.timeTo : null) ?? served.createdAt) : null,
    });
  }
  return ages.reduce((oldest, one) =>
    (one.at?.getTime() ?? -Infinity) < (oldest.at?.getTime() ?? -Infinity) ? one : oldest,
  );
}
