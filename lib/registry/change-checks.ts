import type { ChangeEvidence } from "@/lib/contracts/change-evidence";
import { type ChangeCheck, checkModel } from "@/lib/domain/changes/model-checks";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { type ChangeRow, currentOf } from "./change-row";

/** The evidence of the current revision. Evidence from before requests on models were kept is about a feature. */
export function evidenceOf(row: ChangeRow): ChangeEvidence {
  return { kind: "feature", ...(currentOf(row).evidence as object) } as ChangeEvidence;
}

/** What the evidence of the current revision says against it, worst first. */
export function checksOf(row: ChangeRow): ChangeCheck[] {
  const { rollback } = currentOf(row).content as { rollback: boolean };
  return checksOfEvidence(evidenceOf(row), row.environment as GovernedEnvironment, rollback);
}

export function checksOfEvidence(
  evidence: ChangeEvidence,
  environment: GovernedEnvironment,
  rollback: boolean,
): ChangeCheck[] {
  if (evidence.kind === "feature") return [];
  const rank = ({ passed, grade }: ChangeCheck) => (passed ? 3 : ["hard", "soft", "advisory"].indexOf(grade));
  return checkModel({ ...evidence, alias: environment, rollback }).sort((one, other) => rank(one) - rank(other));
}
