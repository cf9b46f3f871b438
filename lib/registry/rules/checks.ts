import type { Transaction } from "@/lib/db/client";
import { groupBy } from "@/lib/domain/group-by";
import { DomainError } from "@/lib/domain/errors";
import { afterNewest } from "@/lib/domain/instant";
import { toSuiteResult } from "@/lib/domain/rules/judge-rule";
import { ofColumn, type PlacedRule } from "@/lib/domain/rules/place-rules";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import { describeRule } from "@/lib/domain/rules/describe-rule";
import { announce } from "../notifications/announce";
import { recordEvent } from "../record-event";
import { withholdResults } from "./personal-results";
import { digestOfRules, wordingOf } from "./placement";
import type { Scope } from "../scope";
import { anyDefinitionOf, asJson } from "../stored-json";

/** What the rules of a dataset version found. */
export interface CheckedRules {
  dataset: string;
  datasetVersionId: string;
  version: number;
  placed: readonly PlacedRule[];
  results: RuleResult[];
}

/**
 * Keeps what the rules found and puts the dataset version into quarantine when a critical one failed, or takes it out; a rule that
 * could not be run does neither. All in the caller's transaction.
 * @returns words for each critical rule that failed
 */
export async function recordRuleCheck(tx: Transaction, scope: Scope, checked: CheckedRules): Promise<string[]> {
  const { dataset, datasetVersionId, version, placed } = checked;
  const result = toSuiteResult(await withholdResults(tx, scope.workspace.id, dataset, checked.results));
  const failed = result.results.filter(({ success }) => !success);
  const ofCritical = failed.filter(({ expectation_config }) => expectation_config.severity === "critical");
  const [critical, errors] = [ofCritical.filter(isVerdict), ofCritical.filter((one) => !isVerdict(one))];
  const rulesDigest = digestOfRules(placed);
  const newest = await tx.ruleCheck.findFirst({
    where: { datasetVersionId },
    orderBy: { createdAt: "desc" },
    select: { createdAt: true },
  });
  const figures = {
    success: result.success,
    evaluated: result.results.length,
    failed: failed.length,
    critical: critical.length,
    result: asJson(result),
    createdAt: afterNewest(newest?.createdAt, new Date()),
    createdBy: scope.actor.id,
  };
  const { id: ruleCheckId } = await tx.ruleCheck.upsert({
    where: { datasetVersionId_rulesDigest: { datasetVersionId, rulesDigest } },
    create: { workspaceId: scope.workspace.id, datasetVersionId, rulesDigest, ...figures },
    update: figures,
    select: { id: true },
  });
  await tx.ruleCheckDefinition.deleteMany({ where: { ruleCheckId } });
  await tx.ruleCheckDefinition.createMany({
    data: (await definitionsWith(tx, scope.workspace.id, dataset, placed)).map((definitionVersionId) => ({
      ruleCheckId,
      definitionVersionId,
    })),
  });
  const { quarantinedAt, heldBy } = await tx.datasetVersion.findUniqueOrThrow({
    where: { id: datasetVersionId },
    select: { quarantinedAt: true, heldBy: true },
  });
  // Of data that could not be checked nothing is known: they neither go into quarantine nor come out of it.
  const isBad = critical.length > 0 || heldBy.length > 0 || (quarantinedAt !== null && errors.length > 0);
  const words = critical.map(wordsOf);
  if (isBad !== (quarantinedAt !== null)) {
    await tx.datasetVersion.update({
      where: { id: datasetVersionId },
      data: { quarantinedAt: isBad ? new Date() : null },
    });
    await announce(tx, scope.workspace.id, [
      {
        event: isBad ? "dataset.quarantined" : "dataset.released",
        object: `dataset/${dataset}@${version}`,
        path: `/datasets/${encodeURIComponent(dataset)}?tab=rules`,
        summary: isBad
          ? `Version ${version} of ${dataset} is in quarantine: ${words.join("; ")}.`
          : `Version ${version} of ${dataset} is out of quarantine: all critical rules hold.`,
        data: { dataset, version, rules: words },
      },
    ]);
    await recordEvent(tx, scope, {
      action: isBad ? "dataset.quarantine" : "dataset.release",
      object: `dataset/${dataset}@${version}`,
      after: isBad ? { rules: words } : { evaluated: result.results.length },
    });
  }
  return words;
}

/** Of the source and each feature whose rules were checked, the newest definition that words them so. */
async function definitionsWith(
  tx: Transaction,
  workspaceId: string,
  dataset: string,
  placed: readonly PlacedRule[],
): Promise<string[]> {
  const checked = groupBy(placed, ({ feature }) => (feature === null ? `Source ${dataset}` : `Feature ${feature}`));
  const versions = await tx.definitionVersion.findMany({
    where: {
      workspaceId,
      OR: [
        { kind: "Source", name: dataset },
        { kind: "Feature", name: { in: placed.flatMap(({ feature }) => feature ?? []) } },
      ],
    },
    orderBy: { version: "desc" },
    select: { id: true, kind: true, name: true, definition: true },
  });
  return [...checked].flatMap(([object, rules]) => {
    const found = versions.find((row) => {
      const { kind, name } = row;
      if (`${kind} ${name}` !== object) return false;
      const definition = anyDefinitionOf(row);
      const written = ("rules" in definition && definition.rules) || [];
      const worded = new Set(written.map((rule) => wordingOf(kind === "Feature" ? ofColumn(rule, name) : rule)));
      return rules.every(({ rule }) => worded.has(wordingOf(rule)));
    });
    return found ? [found.id] : [];
  });
}

/** Whether a result says something of the data; a rule that could not be run says nothing. */
function isVerdict({ exception_info }: RuleResult): boolean {
  return !exception_info.raised_exception;
}

/** A rule in words, with the whole name of the feature whose rule it is. */
export function wordsOfRule(rule: Rule, feature: string | null): string {
  const words = describeRule(rule);
  return feature === null
    ? words
    : words.includes(": ")
      ? words.replace(/^[^:]+: /, `${feature}: `)
      : `${feature}: ${words}`;
}

export function wordsOf({ feature, expectation_config }: RuleResult): string {
  return wordsOfRule(expectation_config, feature ?? null);
}

/** Throws `invalid` naming the rules when a version may not be read. */
export function refuseQuarantined(source: string, version: number, words: readonly string[]): never {
  throw new DomainError(
    "invalid",
    `Version ${version} of ${source} is in quarantine: ${words.length === 1 ? "a critical rule" : `${words.length} critical rules`} failed (${words.join("; ")}). Correct the data, or relax the rules, and check again.`,
    { source, version, rules: words },
  );
}
