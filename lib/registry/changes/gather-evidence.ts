import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import type { Transaction } from "@/lib/db/client";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { gatherFeatureEvidence } from "./evidence";
import { gatherModelEvidence } from "./model-evidence";
import type { ChangeSubject } from "./items";
import { gatherRuleEvidence } from "../rules/evidence";

export interface EvidenceQuestion {
  workspaceId: string;
  subject: ChangeSubject;
  environment: GovernedEnvironment;
  /** The proposed version, of the subject's kind. */
  versionId: string;
  /** What the pointer or alias names; null when it names nothing. */
  baseVersionId: string | null;
}

/**
 * What a reviewer needs to know of a proposal, computed from what runs recorded. Until the transaction ends no check can put the
 * data behind it into quarantine.
 */
export async function gatherEvidence(tx: Transaction, question: EvidenceQuestion): Promise<ChangeEvidence> {
  const { workspaceId, subject, environment, versionId, baseVersionId } = question;
  const subjects = [{ kind: subject.kind, versionId }];
  const [rules] = await gatherRuleEvidence(tx, workspaceId, subjects, { lock: true });
  const withRules = rules && { rules };
  if (subject.kind === "model") {
    const model = { workspaceId, model: subject, alias: environment, versionId, baseVersionId };
    return { ...(await gatherModelEvidence(tx, model)), ...withRules };
  }
  const feature = await tx.feature.findUniqueOrThrow({
    where: { id: subject.id },
    select: { name: true, owner: true },
  });
  return { ...(await gatherFeatureEvidence(tx, { workspaceId, feature, versionId, baseVersionId })), ...withRules };
}
