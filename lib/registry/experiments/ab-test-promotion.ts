import type { AbPromotion } from "@/lib/contracts/ab-tests";
import type { Prisma, Transaction } from "@/lib/db/client";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { can } from "@/lib/domain/permissions";
import type { Scope } from "../scope";

/**
 * What promoting an arm would mean now: which version of the feature it writes, and where that goes next. No environment is
 * skipped, so a version that staging does not serve goes there first.
 */
export async function promotionOf(
  db: Prisma | Transaction,
  scope: Scope,
  feature: string,
  deployment: { id: string; name: string; variantId: string },
  why: string,
): Promise<AbPromotion> {
  const workspaceId = scope.workspace.id;
  const written = await db.featureValues.findFirst({
    where: {
      featureVersion: { feature: { workspaceId, name: feature } },
      run: { OR: [{ job: { deploymentId: deployment.id } }, { variantId: deployment.variantId }] },
    },
    orderBy: { createdAt: "desc" },
    select: { featureVersion: { select: { id: true, version: true, featureId: true } } },
  });
  const version = written?.featureVersion.version ?? null;
  const answer = (environment: GovernedEnvironment, allowed: boolean, reason: string | null): AbPromotion => ({
    feature,
    version,
    environment,
    allowed,
    reason,
    href: `/changes/new?${new URLSearchParams({
      feature,
      environment,
      ...(version !== null && { version: String(version) }),
      ...(why && { why }),
    }).toString()}`,
  });
  if (!written) return answer("production", false, `${deployment.name} has not written ${feature} yet. Run it first.`);
  const pointers = await db.pointer.findMany({
    where: { featureId: written.featureVersion.featureId },
    select: { environment: true, versionId: true, version: { select: { version: true } } },
  });
  const serves = (environment: string) =>
    pointers.find((pointer) => pointer.environment === environment)?.versionId === written.featureVersion.id;
  const place = (environment: string) => {
    const served = pointers.find((pointer) => pointer.environment === environment)?.version.version;
    return served === undefined ? `${environment} serves none yet` : `${environment} serves version ${served}`;
  };
  if (serves("production")) return answer("production", false, `production serves version ${version} already.`);
  const environment: GovernedEnvironment = serves("staging") ? "production" : "staging";
  if (environment === "staging" && !serves("dev"))
    return answer(
      "staging",
      false,
      `Version ${version} is not served in dev: ${place("dev")}. Run ${deployment.name} again, and propose it then.`,
    );
  const open = await db.changeRequest.findUnique({
    where: { openKey: `${written.featureVersion.featureId}:${environment}` },
    select: { number: true },
  });
  if (open) return answer(environment, false, `Change request ${open.number} is open for it in ${environment}.`);
  const { actor } = scope;
  if (!can(actor.roles, "feature:propose") || (actor.environment && actor.environment !== environment))
    return answer(environment, false, `${actor.name} may not propose changes in ${environment}.`);
  return answer(
    environment,
    true,
    environment === "staging" ? `${place("staging")}: no environment is skipped, so it goes there first.` : null,
  );
}
