import type { z } from "zod";
import type { compareDrift as contract } from "@/lib/contracts/drift";
import type { DriftComparison } from "@/lib/contracts/drift-comparison";
import { prisma } from "@/lib/db/client";
import { windowLabel } from "@/lib/domain/drift/window-label";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { compareProfiles, type ProfileOfVersion } from "./drift-comparison";
import { findDriftScope, judgeFeature, type JudgedWindow, termsOf, verdictOf } from "./drift-features";
import { isPersonal, withholdValues } from "./personal-values";
import { openScopeFor } from "./scope";

type Query = z.output<(typeof contract)["query"]>;

/** One window of a feature beside its reference. */
export async function compareDrift(principal: Principal, query: Query): Promise<DriftComparison> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const { versions } = await findDriftScope(workspace.id, query);
  const terms = termsOf(query);
  const isAsked = ({ window }: JudgedWindow) => windowLabel(window) === query.window;
  const own = await judgeFeature(query.feature, versions, terms, query, isAsked);
  if (!own)
    throw new DomainError(
      "not_found",
      query.model === undefined
        ? `${query.environment} serves no version of \`${query.feature}\`.`
        : `The newest version of \`${query.model}\` does not read \`${query.feature}\`.`,
    );
  const { version } = own.facts;
  const found = own.judged.find(isAsked);
  if (!found)
    throw new DomainError("not_found", `\`${query.feature}\` has no profile of ${query.window} beside its reference.`, {
      windows: own.judged.map(({ window }) => windowLabel(window)),
    });
  const isTest = found.corrected !== undefined;
  const { reference, window } = found;
  const { side } = reference;
  if (!side)
    throw new DomainError("not_found", `\`${query.feature}\` has no profile of ${query.window} beside its reference.`);
  const verdict = verdictOf(terms, found);
  const [before, now] = [
    await loadSide(side.id, reference.words, version),
    await loadSide(window.id, query.window, version),
  ];
  const { metric, warn, critical } = verdict?.details?.calibration ? { ...terms, ...verdict } : terms;
  const comparison = compareProfiles(before, now, { metric, warn, critical });
  if (!comparison)
    throw new DomainError(
      "conflict",
      `${query.window} of \`${query.feature}\` was counted in other buckets than ${reference.words}. Profile it again.`,
    );
  if (!isTest || !verdict) return { ...comparison, explanation: verdict?.explanation ?? comparison.explanation };
  const { details, state, score, severity, explanation } = verdict;
  return {
    ...comparison,
    state,
    score,
    severity,
    explanation,
    because: details?.because ?? null,
    test: details?.test ?? null,
  };
}

async function loadSide(profileId: string, label: string, version: number): Promise<ProfileOfVersion> {
  const found = await prisma().profile.findUniqueOrThrow({
    where: { id: profileId },
    include: {
      datasetVersion: { select: { dataset: true, version: true } },
      featureVersion: { select: { feature: { select: { sensitivity: true } } } },
    },
  });
  const { dataset, version: number } = found.datasetVersion;
  const profile = isPersonal(found.featureVersion?.feature.sensitivity) ? withholdValues(found) : found;
  return { profile, label, version, dataset: `${dataset}@${number}` };
}
