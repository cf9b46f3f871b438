import { stringify } from "yaml";
import type { FeatureRules, RuleProposal } from "@/lib/contracts/rules";
import { prisma } from "@/lib/db/client";
import { type ColumnType, splitColumn } from "@/lib/domain/definitions/column-type";
import type { Principal } from "@/lib/domain/principal";
import { describeResult } from "@/lib/domain/rules/describe-result";
import { ofColumn } from "@/lib/domain/rules/place-rules";
import { type ProfiledColumn, proposeFeatureRules as propose } from "@/lib/domain/rules/propose-rules";
import type { Rule } from "@/lib/domain/definitions/rule";
import { describeRule } from "@/lib/domain/rules/describe-rule";
import { isWithheld, withholdValues } from "../access/personal-values";
import { currentVersion } from "../features/documents";
import { findFeature } from "../features/row";
import { openScopeFor } from "../scope";
import { definitionOf, statsOf, suiteResultOf } from "../stored-json";
import { withholdResults } from "./personal-results";
import { wordingOf } from "./placement";
import { FIGURES, withFigures } from "../stored-figures";

const SHOWN = 10;

/** The rules of a feature with what they found on the newest data that carry it. Throws `not_found`. */
export async function getFeatureRules(principal: Principal, workspace: string, name: string): Promise<FeatureRules> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const workspaceId = scope.workspace.id;
  const row = await findFeature(scope, name);
  const { rules = [] } = definitionOf("Feature", row);
  if (rules.length === 0) return { feature: name, rules: [], quarantined: [] };
  const sources = await prisma().featureVersion.findMany({
    where: { featureId: row.id, source: { not: null } },
    select: { source: true },
  });
  const carrying = {
    workspaceId,
    OR: [
      { values: { some: { featureVersion: { featureId: row.id } } } },
      { dataset: { in: sources.flatMap(({ source }) => source ?? []) } },
    ],
  };
  const checks = await prisma().ruleCheck.findMany({
    where: { workspaceId, datasetVersion: carrying },
    orderBy: { createdAt: "desc" },
    take: 2 * SHOWN,
    include: { datasetVersion: { select: { dataset: true, version: true } } },
  });
  const newest = await prisma().datasetVersion.findMany({
    where: carrying,
    orderBy: { version: "desc" },
    distinct: ["dataset"],
    select: { dataset: true, version: true, quarantinedAt: true },
  });
  const results = await Promise.all(
    checks.map(({ datasetVersion, result }) => withholdResults(prisma(), workspaceId, datasetVersion.dataset, suiteResultOf(result).results)), // prettier-ignore
  );
  const found = checks.flatMap(({ createdAt, datasetVersion }, at) =>
    (results[at] ?? [])
      .filter(({ feature }) => feature === name)
      .map((one) => ({
        wording: wordingOf(one.expectation_config),
        ...datasetVersion,
        at: createdAt.toISOString(),
        success: one.success,
        found: describeResult(one),
      })),
  );
  return {
    feature: name,
    rules: rules.map((written) => {
      const rule = ofColumn(written, name);
      const results = found.filter(({ wording }) => wording === wordingOf(rule)).slice(0, SHOWN);
      return { ...rule, words: withoutColumn(rule), results: results.map(({ wording: _wording, ...shown }) => shown) };
    }),
    quarantined: newest.flatMap(({ dataset, version, quarantinedAt }) =>
      quarantinedAt ? [`${dataset}@${version}`] : [],
    ),
  };
}

/** On the feature's own page it need not be named. */
function withoutColumn(rule: Rule): string {
  return describeRule({ ...rule, kwargs: { ...rule.kwargs, column: null } });
}

/** Rules that the newest profile of the feature keeps. Empty without a profile. */
export async function proposeFeatureRules(
  principal: Principal,
  workspace: string,
  name: string,
): Promise<RuleProposal> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const row = await findFeature(scope, name);
  const versions = await prisma().featureVersion.findMany({
    where: { featureId: row.id },
    select: { id: true, version: true },
  });
  const current = currentVersion(versions, row.pointers);
  const stored =
    current &&
    (await prisma().profile.findFirst({
      where: { featureVersionId: current.id, part: "all", windowFrom: null },
      orderBy: { createdAt: "desc" },
      include: { datasetVersion: { select: { version: true } }, ...FIGURES },
    }));
  if (!stored) return { rules: [], yaml: stringify({ rules: [] }), version: null };
  const profile = isWithheld(scope, row.sensitivity) ? withholdValues(withFigures(stored)) : withFigures(stored);
  const column: ProfiledColumn = {
    ...statsOf(profile.stats),
    column: splitColumn(name)[1],
    type: row.type as ColumnType,
  };
  const rules = propose(column, { label: await labelFor(scope.workspace.id, name) });
  return {
    rules: rules.map((rule) => ({ ...rule, words: describeRule(rule) })),
    yaml: stringify({ rules }),
    version: profile.datasetVersion.version,
  };
}

/** What a pipeline predicts of the feature's entity; null for the label itself and where nothing is predicted. */
async function labelFor(workspaceId: string, name: string): Promise<string | null> {
  const pipelines = await prisma().pipeline.findMany({
    where: { workspaceId, retiredAt: null },
    select: { definition: true },
    orderBy: { name: "asc" },
  });
  const labels = pipelines.flatMap(({ definition }) => {
    const { evaluate } = definitionOf("Pipeline", { definition });
    return evaluate ? [evaluate.label] : [];
  });
  if (labels.includes(name)) return null;
  const [entity] = splitColumn(name);
  const label = labels.find((candidate) => splitColumn(candidate)[0] === entity);
  return label === undefined ? null : splitColumn(label)[1];
}
