import type { Transaction } from "@/lib/db/client";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { Scope } from "../scope";
import { recordRuleCheck } from "./checks";

/** What the rules of the features that an output carries found on it, before anybody can read it. */
export interface CheckedOutput {
  entity: string;
  placed: PlacedRule[];
  results: RuleResult[];
}

/**
 * Records what was found on the outputs of a run, as part of recording the run.
 * @param outputs entity → its new dataset version
 * @returns entity → words for each critical rule that failed: what is in quarantine and may not be served
 */
export async function recordOutputChecks(
  tx: Transaction,
  { scope, run }: { scope: Scope; run: { id: string } },
  checked: readonly CheckedOutput[],
  outputs: ReadonlyMap<string, string>,
): Promise<Map<string, string[]>> {
  const failed = new Map<string, string[]>();
  for (const { entity, placed, results } of checked) {
    const datasetVersionId = outputs.get(entity);
    if (datasetVersionId === undefined) continue;
    const { dataset, version } = await tx.datasetVersion.findUniqueOrThrow({ where: { id: datasetVersionId } });
    const words = await recordRuleCheck(tx, scope, { dataset, datasetVersionId, version, placed, results });
    if (words.length > 0) failed.set(entity, words);
    const passed = results.filter(({ success }) => success).length;
    await tx.runLog.create({
      data: {
        runId: run.id,
        level: words.length > 0 ? "error" : passed < results.length ? "warn" : "info",
        message: `${dataset}@${version}: ${passed} of ${results.length} rules pass.${words.length > 0 ? ` It is in quarantine: ${words.join("; ")}.` : ""}`,
      },
    });
  }
  return failed;
}
