import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import { type ChangeCheck, checkModel } from "@/lib/domain/changes/model-checks";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { checkReaders } from "@/lib/domain/changes/reader-check";
import { checkRuleEvidence } from "@/lib/domain/changes/rule-check";
import { type ChangeRow, currentOf } from "./row";

/** The evidence of the current revision. What was gathered before requests on models were kept is about a feature, whose readers may be unknown. */
export function evidenceOf(row: ChangeRow): ChangeEvidence {
  const stored = currentOf(row).evidence as Partial<ChangeEvidence>;
  return Object.assign({ kind: "feature", leakage: [] }, stored) as ChangeEvidence;
}

/** What evidence says against a proposal, worst first. */
export function checksOfEvidence(
  evidence: ChangeEvidence,
  environment: GovernedEnvironment,
  rollback: boolean,
): ChangeCheck[] {
  const rank = ({ passed, grade }: ChangeCheck) => (passed ? 3 : ["hard", "soft", "advisory"].indexOf(grade));
  return [
    ...(evidence.rules ? [checkRuleEvidence(evidence.rules, rollback)] : []),
    ...(evidence.kind === "feature" && evidence.readers ? [checkReaders(evidence.readers)] : []),
    ...(evidence.kind === "model" ? checkModel({ ...evidence, alias: environment, rollback }) : []),
  ].sort((one, other) => rank(one) - rank(other));
}
