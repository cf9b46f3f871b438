import type { Transaction } from "@/lib/db/client";
import { canPromote, ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { DomainError } from "@/lib/domain/errors";
import { checkModelProposal } from "./model-proposal";
import { type ChangePointer, lockServed } from "./pointer";
import type { ChangeSubject } from "./items";

export interface Proposal {
  subject: ChangeSubject;
  version: { id: string; number: number };
  base: ChangePointer | null;
  /** The version was served in this environment before. */
  rollback: boolean;
}

export interface Wanted {
  feature?: string;
  model?: string;
  environment: GovernedEnvironment;
  version?: number;
}

/** What a request would move, checked; throws what the two kinds of check throw. */
export function checkProposal(tx: Transaction, workspaceId: string, wanted: Wanted): Promise<Proposal> {
  const { feature, model, ...rest } = wanted;
  if (model !== undefined) return checkModelProposal(tx, workspaceId, { ...rest, model });
  return checkFeatureProposal(tx, workspaceId, { ...rest, feature: feature ?? "" });
}

/**
 * What a request would move, checked: the version is the one that the environment before serves, so that no step is
 * skipped, or one that was served here before, which is a rollback. Locks the pointer. Throws `not_found` for an unknown
 * feature or version, `conflict` when there is nothing to move, `invalid` when a step would be skipped.
 */
async function checkFeatureProposal(
  tx: Transaction,
  workspaceId: string,
  wanted: { feature: string; environment: GovernedEnvironment; version?: number },
): Promise<Proposal> {
  const { environment } = wanted;
  const feature = await tx.feature.findFirst({
    where: { workspaceId, name: wanted.feature, retiredAt: null },
    select: { id: true, name: true },
  });
  if (!feature)
    throw new DomainError("not_found", `There is no feature \`${wanted.feature}\` here. Look it up in /features.`);

  const before = ENVIRONMENTS.find((candidate) => canPromote(candidate, environment)) as Environment;
  const source = await tx.pointer.findUnique({
    where: { featureId_environment: { featureId: feature.id, environment: before } },
    include: { version: { select: { version: true } } },
  });
  const number = wanted.version ?? source?.version.version;
  if (number === undefined)
    throw new DomainError(
      "conflict",
      `${before} serves no version of \`${feature.name}\` yet, so there is nothing to promote to ${environment}.`,
    );
  const version = await tx.featureVersion.findUnique({
    where: { featureId_version: { featureId: feature.id, version: number } },
    select: { id: true },
  });
  if (!version)
    throw new DomainError("not_found", `\`${feature.name}\` has no version ${number}. Its page lists the versions.`);

  const subject = { kind: "feature", ...feature } as const;
  const base = await lockServed(tx, subject, environment);
  if (base?.versionId === version.id)
    throw new DomainError("conflict", `${environment} already serves version ${number} of \`${feature.name}\`.`);
  const rollback = await wasServed(tx, feature.id, environment, version.id);
  if (!rollback && source?.versionId !== version.id) {
    const served = source ? `version ${source.version.version}` : "no version";
    throw new DomainError(
      "invalid",
      `Version ${number} of \`${feature.name}\` cannot go to ${environment}: ${before} serves ${served}, and ${environment} takes what ${before} serves or what it served before itself.`,
      { issues: [{ path: ["version"], message: "A step would be skipped.", expected: served, found: String(number) }] },
    );
  }
  return { subject, version: { id: version.id, number }, base, rollback };
}

/** Whether an applied request ever put the version there, or took it away from there. */
async function wasServed(tx: Transaction, featureId: string, environment: string, versionId: string): Promise<boolean> {
  const served = await tx.changeItem.count({
    where: {
      featureId,
      environment,
      change: { state: "applied" },
      OR: [{ featureVersionId: versionId }, { baseFeatureVersionId: versionId }],
    },
  });
  return served > 0;
}
