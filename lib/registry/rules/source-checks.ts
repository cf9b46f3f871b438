import { prisma } from "@/lib/db/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import { recordEvent } from "../record-event";
import { type Scope, systemScopeOf } from "../scope";
import { type CheckedRules, recordRuleCheck } from "./checks";
import { digestOfRules, placedOnSource } from "./placement";

/** The rules that a source's data must keep as they are worded now, its own and those of its columns' features. */
export const findSourceRules = (scope: Scope, source: SourceDefinition): Promise<PlacedRule[]> =>
  placedOnSource(prisma(), scope.workspace.id, source);

/** Whether a dataset version was checked with rules of this wording before, and no critical one failed. */
export async function hasPassed(datasetVersionId: string, placed: readonly PlacedRule[]): Promise<boolean> {
  const known = await prisma().ruleCheck.findUnique({
    where: { datasetVersionId_rulesDigest: { datasetVersionId, rulesDigest: digestOfRules(placed) } },
    select: { critical: true },
  });
  return known?.critical === 0;
}

/** Records what the rules found on a source's version. Returns words for each critical rule that failed. */
export const recordSourceCheck = (scope: Scope, checked: CheckedRules): Promise<string[]> =>
  prisma().$transaction((tx) => recordRuleCheck(tx, scope, checked));

/** Keeps why a check could not be done where the data's page finds it. */
export async function recordCheckFailure(
  { workspaceId, dataset }: { workspaceId: string; dataset: string },
  message: string,
): Promise<void> {
  const scope = await systemScopeOf(workspaceId);
  if (!scope) return;
  await prisma().$transaction((tx) =>
    recordEvent(tx, scope, { action: "dataset.check_fail", object: `dataset/${dataset}`, after: { message } }),
  );
}
