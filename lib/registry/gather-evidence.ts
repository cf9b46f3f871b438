import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import type { Transaction } from "@/lib/db/client";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { gatherFeatureEvidence } from "./change-evidence";
import { gatherModelEvidence } from "./change-model-evidence";
import type { ChangeSubject } from "./change-row";

export interface EvidenceQuestion {
  workspaceId: string;
  subject: ChangeSubject;
  environment: GovernedEnvironment;
  /** The proposed version, of the subject's kind. */
  versionId: string;
  /** What the pointer or alias names; null when it names nothing. */
  baseVersionId: string | null;
}

/** What a reviewer needs to know of a proposal, computed from what runs recorded. */
export async function gatherEvidence(tx: Transaction, question: EvidenceQuestion): Promise<ChangeEvidence> {
  const { workspaceId, subject, environment, versionId, baseVersionId } = question;
  if (subject.kind === "model")
    return gatherModelEvidence(tx, { workspaceId, model: subject, alias: environment, versionId, baseVersionId });
  const feature = await tx.feature.findUniqueOrThrow({
    where: { id: subject.id },
    select: { name: true, owner: true },
  });
  return gatherFeatureEvidence(tx, { workspaceId, feature, versionId, baseVersionId });
}
