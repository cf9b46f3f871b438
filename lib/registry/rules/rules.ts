import { stringify } from "yaml";
import type { DatasetRules, RuleCheckEntry, RuleProposal, SuiteImport } from "@/lib/contracts/rules";
import { prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import type { Prisma } from "@/lib/db/generated/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { Verb } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import type { PlacedRule } from "@/lib/domain/rules/place-rules";
import { proposeRules } from "@/lib/domain/rules/propose-rules";
import type { Rule } from "@/lib/domain/definitions/rule";
import { describeRule } from "@/lib/domain/rules/describe-rule";
import { readRunnable, readSuite, type RunnableSuite, type SuiteJson, writeSuite } from "@/lib/domain/rules/suite-json";
import { ruleOfSourceFindings } from "@/lib/domain/specs/check-rules";
import { digestOf } from "../record-event";
import { findBlocked } from "./blocked";
import { wordsOfRule } from "./checks";
import { withholdResults } from "./personal-results";
import { digestOfRules, placedOnOutput, placedOnSource } from "./placement";
import { openScopeFor, type Scope } from "../scope";
import { sourceProfiles } from "../datasets/source-profiles";
import { applySpecs } from "../specs/specs";
import { definitionOf, suiteResultOf } from "../stored-json";

const SHOWN_CHECKS = 20;

/** The rules of a source or an output with what they found, the newest check first. Throws `not_found`. */
export async function getDatasetRules(principal: Principal, workspace: string, dataset: string): Promise<DatasetRules> {
  const { scope, isSource, placed, newest } = await openDataset(principal, workspace, dataset, "workspace:read");
  const digest = digestOfRules(placed);
  const checks = await prisma().ruleCheck.findMany({
    where: { workspaceId: scope.workspace.id, datasetVersion: { dataset } },
    orderBy: { createdAt: "desc" },
    take: SHOWN_CHECKS,
    include: CHECK,
  });
  const failure = await prisma().auditEvent.findFirst({
    where: { workspaceId: scope.workspace.id, object: `${workspace}/dataset/${dataset}`, action: "dataset.check_fail" },
    orderBy: { sequence: "desc" },
    select: { at: true, after: true },
  });
  const isNews = failure && failure.at > (checks[0]?.createdAt ?? new Date(0));
  return {
    dataset,
    isSource,
    rules: placed.map(({ rule, feature }) => ({ ...rule, feature, words: wordsOfRule(rule, feature) })),
    checks: await Promise.all(checks.map((check) => toEntry(scope, dataset, check, digest))),
    notChecked: isNews
      ? { at: failure.at.toISOString(), message: (failure.after as { message: string }).message }
      : null,
    blocked: newest?.quarantinedAt ? await findBlocked(prisma(), scope.workspace.id, newest) : [],
  };
}

const CHECK = {
  datasetVersion: { select: { version: true, quarantinedAt: true, heldBy: true } },
  definitions: {
    select: { definitionVersion: { select: { kind: true, name: true, version: true } } },
    orderBy: [{ definitionVersion: { kind: "desc" } }, { definitionVersion: { name: "asc" } }],
  },
} as const satisfies Prisma.RuleCheckInclude;

async function toEntry(
  { workspace }: Scope,
  dataset: string,
  row: Prisma.RuleCheckGetPayload<{ include: typeof CHECK }>,
  digest: string,
): Promise<RuleCheckEntry> {
  const results = await withholdResults(prisma(), workspace.id, dataset, suiteResultOf(row.result).results);
  return {
    version: row.datasetVersion.version,
    at: row.createdAt.toISOString(),
    success: row.success,
    evaluated: row.evaluated,
    failed: row.failed,
    critical: row.critical,
    quarantined: row.datasetVersion.quarantinedAt !== null,
    heldBy: row.datasetVersion.heldBy,
    current: row.rulesDigest === digest,
    definitions: row.definitions.map(({ definitionVersion: { kind, name, version } }) => ({
      kind: kind as "Source" | "Feature",
      name,
      version,
    })),
    results,
  };
}

/** Queues a check: of a source's data as they are now, or of the newest version of an output. */
export async function requestRuleCheck(principal: Principal, workspace: string, dataset: string): Promise<void> {
  const { scope, placed } = await openDataset(principal, workspace, dataset, "run:start");
  if (placed.length === 0)
    throw new DomainError(
      "invalid",
      `${dataset} has no rules to check. Add \`rules\` to the spec of the source or of a feature that it carries, or import a suite.`,
    );
  await openQueue();
  await prisma().$transaction((tx) =>
    enqueue(tx, "check-rules", { workspaceId: scope.workspace.id, dataset, requestedBy: scope.actor.id }),
  );
}

/** Rules that the newest profile of the source keeps. Empty without a profile. */
export async function proposeSourceRules(principal: Principal, workspace: string, name: string): Promise<RuleProposal> {
  const { scope, source } = await openSource(principal, workspace, name, "workspace:read");
  const profiles = await sourceProfiles(scope, source);
  const rules =
    profiles.length === 0
      ? []
      : proposeRules(
          profiles.flatMap(({ column, distinct, min, max, mean, std, ...profile }) => {
            const declared = source.columns.find((one) => `${source.entity}.${one.name}` === column);
            if (!declared) return [];
            const figures = Object.entries({ distinct, min, max, mean, sampleStd: std }).filter(
              ([, figure]) => figure !== null,
            );
            return [{ ...profile, ...Object.fromEntries(figures), column: declared.name, type: declared.type }];
          }),
          source.rowKey.filter((key) => key !== source.rowNumber),
        );
  return {
    rules: rules.map((rule) => ({ ...rule, words: describeRule(rule) })),
    yaml: stringify({ rules }),
    version: profiles[0]?.version ?? null,
  };
}

/** The rules as a suite that Great Expectations reads. */
export async function exportSuite(principal: Principal, workspace: string, name: string): Promise<SuiteJson> {
  const { source } = await openSource(principal, workspace, name, "workspace:read");
  return writeSuite(name, source.rules ?? []);
}

/**
 * Takes over a Great Expectations suite: the source's rules become those of the suite, by the same way as any other change
 * of a spec. Throws `invalid` with everything that is wrong with the suite; nothing is changed then. When `partial`, what can run
 * on the source is taken over, and the rest is named with why.
 */
export async function importSuite(
  principal: Principal,
  request: { workspace: string; name: string; suite: unknown; apply: boolean; partial: boolean },
): Promise<SuiteImport> {
  const { workspace, name } = request;
  const { source } = await openSource(principal, workspace, name, request.apply ? "spec:apply" : "spec:plan");
  const { rules, left } = request.partial
    ? runnableOn(source, readRunnable(request.suite))
    : { rules: readSuite(request.suite).rules, left: [] };
  if (request.apply) await applySpecs(principal, { workspace, documents: [{ ...source, rules }] });
  const [before, after] = [keyed(source.rules ?? []), keyed(rules)];
  return {
    applied: request.apply,
    rules,
    added: [...after].flatMap(([key, rule]) => (before.has(key) ? [] : [describeRule(rule)])),
    removed: [...before].flatMap(([key, rule]) => (after.has(key) ? [] : [describeRule(rule)])),
    left: left.map(({ type, issues }) => ({ type, reasons: issues.map(({ message }) => message) })),
  };
}

/** Without rules about columns that the source does not have. */
function runnableOn(source: SourceDefinition, { rules, left }: RunnableSuite): Pick<RunnableSuite, "rules" | "left"> {
  const judged = rules.map((rule) => ({ rule, issues: ruleOfSourceFindings(rule, source) }));
  return {
    rules: judged.flatMap(({ rule, issues }) => (issues.length === 0 ? [rule] : [])),
    left: [
      ...left,
      ...judged.flatMap(({ rule, issues }) => (issues.length === 0 ? [] : [{ type: rule.type, issues }])),
    ],
  };
}

function keyed(rules: readonly Rule[]): Map<string, Rule> {
  return new Map(rules.map((rule) => [digestOf([rule.type, rule.kwargs, rule.severity]), rule]));
}

interface OpenedDataset {
  scope: Scope;
  isSource: boolean;
  placed: PlacedRule[];
  /** Null for a source that nobody has read yet. */
  newest: { id: string; dataset: string; quarantinedAt: Date | null; runId: string | null } | null;
}

async function openDataset(
  principal: Principal,
  workspace: string,
  dataset: string,
  verb: Verb,
): Promise<OpenedDataset> {
  const scope = await openScopeFor(principal, workspace, verb);
  const workspaceId = scope.workspace.id;
  const newest = await prisma().datasetVersion.findFirst({
    where: { workspaceId, dataset },
    orderBy: { version: "desc" },
    select: { id: true, dataset: true, quarantinedAt: true, runId: true },
  });
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId, name: dataset } },
    select: { definition: true, retiredAt: true },
  });
  if (row && !row.retiredAt) {
    const placed = await placedOnSource(prisma(), workspaceId, definitionOf("Source", row));
    return { scope, isSource: true, placed, newest };
  }
  if (!newest?.runId)
    throw new DomainError(
      "not_found",
      `There is no source or output \`${dataset}\` in workspace ${workspace}. Outputs are named \`entity@pipeline\`.`,
    );
  return { scope, isSource: false, placed: await placedOnOutput(prisma(), workspaceId, newest.id), newest };
}

async function openSource(
  principal: Principal,
  workspace: string,
  name: string,
  verb: Verb,
): Promise<{ scope: Scope; source: SourceDefinition }> {
  const scope = await openScopeFor(principal, workspace, verb);
  const row = await prisma().source.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    select: { definition: true, retiredAt: true },
  });
  if (!row || row.retiredAt)
    throw new DomainError("not_found", `There is no source \`${name}\` in workspace ${workspace}.`);
  return { scope, source: definitionOf("Source", row) };
}
