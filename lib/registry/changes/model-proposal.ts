import type { Transaction } from "@/lib/db/client";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { DomainError } from "@/lib/domain/errors";
import { lockServed } from "./pointer";
import type { Proposal } from "./proposal";
import { findAlias } from "../models/aliases";

/**
 * What a request on a model would move, checked: staging takes any version, production the one that staging names or one
 * that had the alias before, which is a rollback. Locks the alias. Throws `not_found` for an unknown model or version,
 * `conflict` when there is nothing to move, `invalid` when a step would be skipped.
 */
export async function checkModelProposal(
  tx: Transaction,
  workspaceId: string,
  wanted: { model: string; environment: GovernedEnvironment; version?: number },
): Promise<Proposal> {
  const { environment: alias } = wanted;
  const model = await tx.model.findUnique({
    where: { workspaceId_name: { workspaceId, name: wanted.model } },
    select: { id: true, name: true },
  });
  if (!model)
    throw new DomainError(
      "not_found",
      `There is no model \`${wanted.model}\` here. /models lists those that runs made.`,
    );

  const staged = await findAlias(tx, model.id, "staging");
  const newest = await tx.modelVersion.aggregate({ where: { modelId: model.id }, _max: { version: true } });
  const number = wanted.version ?? (alias === "production" ? staged?.version : newest._max.version);
  if (number === undefined || number === null)
    throw new DomainError(
      "conflict",
      alias === "production"
        ? `No version of \`${model.name}\` is in staging yet, so there is nothing to promote to production.`
        : `\`${model.name}\` has no version yet. Run its pipeline first.`,
    );
  const version = await tx.modelVersion.findUnique({
    where: { modelId_version: { modelId: model.id, version: number } },
    select: { id: true },
  });
  if (!version)
    throw new DomainError("not_found", `\`${model.name}\` has no version ${number}. Its page lists the versions.`);

  const subject = { kind: "model", ...model } as const;
  const base = await lockServed(tx, subject, alias);
  if (base?.versionId === version.id)
    throw new DomainError("conflict", `Version ${number} of \`${model.name}\` is in ${alias} already.`);
  const rollback = await hadAlias(tx, model.id, alias, version.id);
  if (alias === "production" && !rollback && staged?.modelVersionId !== version.id) {
    const served = staged ? `version ${staged.version}` : "no version";
    throw new DomainError(
      "invalid",
      `Version ${number} of \`${model.name}\` cannot go to production: staging has ${served}, and production takes what staging has or what it had before itself.`,
      { issues: [{ path: ["version"], message: "A step would be skipped.", expected: served, found: String(number) }] },
    );
  }
  return { subject, version: { id: version.id, number }, base, rollback };
}

/** Whether an applied request ever gave the alias to the version, or took it away from it. */
async function hadAlias(tx: Transaction, modelId: string, alias: string, versionId: string): Promise<boolean> {
  const had = await tx.changeItem.count({
    where: {
      modelId,
      environment: alias,
      change: { state: "applied" },
      OR: [{ modelVersionId: versionId }, { baseModelVersionId: versionId }],
    },
  });
  return had > 0;
}
