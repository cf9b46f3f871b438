import type { z } from "zod";
import type {
  listSkew as listContract,
  listSkewChecks as checksContract,
  SkewCheck,
  ViewSkew,
} from "@/lib/contracts/skew";
import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { FeatureView, SkewCheck as Row } from "@/lib/db/generated/client";
import type { Environment } from "@/lib/domain/environments";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { differencesOf, type FeatureSkew } from "@/lib/domain/skew/count-skew";
import { actorNames } from "../actor-names";
import { announce } from "../notifications/announce";
import { idOf } from "../paging";
import { openScopeFor, type Scope } from "../scope";
import { queueSkewCheck } from "./skew-due";
import { asJson, featureSkewOf } from "../stored-json";

const SHOWN_CHECKS = 30;

/** Every online view with its newest check and how the checks before went. */
export async function listSkew(
  principal: Principal,
  { workspace, environment }: z.output<(typeof listContract)["query"]>,
): Promise<ViewSkew[]> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const views = await prisma().featureView.findMany({
    where: { workspaceId: scope.workspace.id, online: true, retiredAt: null },
    orderBy: { name: "asc" },
    include: { skewChecks: { where: { environment }, orderBy: [{ at: "desc" }, { id: "desc" }], take: SHOWN_CHECKS } },
  });
  const nameOf = await actorNames(views.flatMap((view) => view.skewChecks.map((check) => check.createdBy)));
  return views.map(({ name, entity, owner, skewChecks }) => {
    const checks = skewChecks.map((row) => toCheck(row, name, nameOf));
    return {
      view: name,
      entity,
      owner,
      latest: checks[0] ?? null,
      history: checks.map(({ at, sampled, values, differences }) => ({ at, sampled, values, differences })).reverse(),
    };
  });
}

/** The checks of one view in an environment, newest first. */
export async function listSkewChecks(
  principal: Principal,
  name: string,
  { workspace, environment, limit, cursor }: z.output<(typeof checksContract)["query"]>,
): Promise<{ items: SkewCheck[]; total: number; nextCursor: string | null }> {
  const { view } = await openView(await openScopeFor(principal, workspace, "feature:read"), name);
  const where = { viewId: view.id, environment };
  const rows = await prisma().skewCheck.findMany({
    // Ids are UUIDs of version 7: they sort by time.
    where: { ...where, ...(cursor !== undefined && { id: { lt: idOf(cursor) } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const nameOf = await actorNames(page.map((row) => row.createdBy));
  return {
    items: page.map((row) => toCheck(row, name, nameOf)),
    total: await prisma().skewCheck.count({ where }),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Queues a check. Throws `invalid` for a view that is not served online: it has only one side. */
export async function requestSkewCheck(
  principal: Principal,
  name: string,
  { workspace, environment }: { workspace: string; environment: Environment },
): Promise<{ queued: boolean }> {
  const scope = await openScopeFor(principal, workspace, "run:start");
  const { view } = await openView(scope, name);
  if (!view.online)
    throw new DomainError(
      "invalid",
      `View \`${name}\` is not served online, so there is nothing to compare. Set \`online: true\` in its spec first.`,
    );
  await openQueue();
  const check = { viewId: view.id, environment, requestedBy: scope.actor.id };
  return { queued: await prisma().$transaction((tx) => queueSkewCheck(tx, check)) };
}

/** Keeps a check, and tells channels when a feature differs that did not at the check before, in one transaction. */
export async function recordSkewCheck(
  view: Pick<FeatureView, "id" | "name" | "workspaceId">,
  check: { environment: string; sampled: number; features: FeatureSkew[]; at: Date; createdBy: string },
): Promise<void> {
  const { environment, sampled, features, at, createdBy } = check;
  await prisma().$transaction(async (tx) => {
    const before = await tx.skewCheck.findFirst({
      where: { viewId: view.id, environment },
      orderBy: [{ at: "desc" }, { id: "desc" }],
    });
    await tx.skewCheck.create({
      data: {
        workspaceId: view.workspaceId,
        viewId: view.id,
        environment,
        sampled,
        result: asJson(features),
        at,
        createdBy,
      },
    });
    const known = new Set(
      before
        ? featuresOf(before)
            .filter(differs)
            .map(({ feature }) => feature)
        : [],
    );
    const fresh = features.filter((feature) => differs(feature) && !known.has(feature.feature));
    if (fresh.length === 0) return;
    const names = fresh.map(({ feature }) => feature);
    await announce(tx, view.workspaceId, [
      {
        event: "skew.found",
        object: `view/${view.name}`,
        path: `/drift?view=skew&environment=${environment}`,
        summary: `Values of view ${view.name} in ${environment} differ online from offline: ${names.join(", ")} (of ${sampled} keys).`,
        data: {
          view: view.name,
          environment,
          sampled,
          features: fresh.map(({ feature, match, mismatch, missingOnline, missingOffline }) => ({
            feature,
            match,
            mismatch,
            missingOnline,
            missingOffline,
          })),
        },
      },
    ]);
  });
}

const differs = (feature: FeatureSkew): boolean => differencesOf(feature) > 0;

const featuresOf = (row: Row) => featureSkewOf(row.result);

function toCheck(row: Row, view: string, nameOf: (id: string) => string): SkewCheck {
  const features = featuresOf(row);
  const sum = (of: (feature: FeatureSkew) => number) => features.reduce((total, feature) => total + of(feature), 0);
  const differences = sum(differencesOf);
  return {
    view,
    environment: row.environment as Environment,
    at: row.at.toISOString(),
    sampled: row.sampled,
    values: sum(({ match }) => match) + differences,
    differences,
    by: nameOf(row.createdBy),
    features,
  };
}

async function openView(scope: Scope, name: string): Promise<{ view: FeatureView }> {
  const view = await prisma().featureView.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
  });
  if (!view || view.retiredAt)
    throw new DomainError("not_found", `There is no feature view \`${name}\` in workspace ${scope.workspace.name}.`);
  return { view };
}
