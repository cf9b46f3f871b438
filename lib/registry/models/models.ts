import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Model, ModelSummary, ModelVersion } from "@/lib/contracts/models";
import type { Meta } from "@/lib/domain/definitions/documented";
import { GOVERNED_ENVIRONMENTS } from "@/lib/domain/changes/promotion-policy";
import { DomainError } from "@/lib/domain/errors";
import type { Verdict } from "@/lib/domain/leakage/codes";
import { isOfEarlierRules } from "@/lib/domain/leakage/rules-version";
import { describeRecordedRows, describeRowSet, UNRECORDED_ROWS } from "@/lib/domain/leakage/describe-row-set";
import { questionOf, type ScoredVersion, scoreDifferences } from "@/lib/domain/leakage/score-difference";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { chosenTrial, type SearchResult } from "@/lib/domain/runs/parameter-search";
import { can } from "@/lib/domain/permissions";
import type { Principal } from "@/lib/domain/principal";
import { describedEntry, searchList } from "@/lib/domain/search/search-list";
import { actorNames } from "../actor-names";
import { modelOwner } from "../catalogue/model-owner";
import { loadPolicies } from "../catalogue/split-policies";
import { listAliasMoves } from "./alias-moves";
import { mlflowStateOfModel, versionPage } from "./mlflow-state";
import { openScopeFor } from "../scope";
import { earlierOf } from "./rejudge";
import { type TestUse, testUses, toTestUse } from "./test-use";
import { worstVerdict } from "./verdicts";
import { definitionOf, leakageInputOf, rowSetOf, searchResultOf } from "../stored-json";
import { FIT_PLACE, whereKept } from "./where-kept";

/** What is read of a version to be shown. */
export const VERSION = {
  aliases: { select: { alias: true } },
  run: { select: { id: true, number: true, search: true, outputs: { select: { dataset: true, version: true } } } },
  fit: {
    select: {
      ...FIT_PLACE,
      rowSet: true,
      signature: true,
      stageVersion: { select: { operator: true, definition: true, stage: { select: { name: true } } } },
    },
  },
  variant: { select: { choice: true, pipeline: { select: { name: true, description: true, owner: true } } } },
  verdicts: { include: { featureVersion: { select: { version: true, feature: { select: { name: true } } } } } },
} as const satisfies Prisma.ModelVersionInclude;
type VersionRow = Prisma.ModelVersionGetPayload<{ include: typeof VERSION }>;

/** The models by name, or those that have every word of `q`, the best first. */
export async function listModels(
  principal: Principal,
  workspace: string,
  { q = "", owner }: { q?: string; owner?: string } = {},
): Promise<{ items: ModelSummary[]; total: number; nextCursor: null }> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const rows = await prisma().model.findMany({
    where: { workspaceId: scope.workspace.id },
    orderBy: { name: "asc" },
    include: {
      _count: { select: { versions: true } },
      aliases: ALIASED,
      versions: { include: VERSION, orderBy: { version: "desc" }, take: 1 },
    },
  });
  const nameOf = await actorNames(rows.flatMap((row) => row.versions.map((version) => version.createdBy)));
  const policies = await loadPolicies(scope.workspace.id);
  const uses = await testUses(
    prisma(),
    scope.workspace.id,
    rows.map(({ versions }) => versions[0]?.testRows ?? null),
  );
  // A document that was retired before there was a version leaves nothing to list.
  const items = searchList(
    rows
      .filter((row) => row.declared || row.versions.length > 0)
      .map((row) => ({ ...row, owner: modelOwner(row, row.versions[0]?.variant) }))
      .filter((row) => owner === undefined || row.owner === owner),
    q,
    (row) => describedEntry({ ...row, meta: row.meta as Meta }, row.versions[0]?.variant?.pipeline.name ?? ""),
  ).map((row) => {
    const [latest] = row.versions;
    return {
      ...aboutModel(row),
      name: row.name,
      versions: row._count.versions,
      latest: latest ? toVersion(latest, nameOf, policies, uses) : null,
      pipeline: latest?.variant?.pipeline.name ?? null,
      aliases: aliasesOf(row.aliases),
    };
  });
  return { items, total: items.length, nextCursor: null };
}

export async function getModel(principal: Principal, workspace: string, name: string): Promise<Model> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const row = await prisma().model.findUnique({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name } },
    include: {
      versions: { include: VERSION, orderBy: { version: "desc" } },
      changeItems: {
        where: { change: { endedAt: null } },
        select: { environment: true, change: { select: { number: true } } },
      },
    },
  });
  const [latest] = row?.versions ?? [];
  if (!row || (!latest && !row.declared))
    throw new DomainError(
      "not_found",
      `There is no model ${name} in ${workspace}. /models lists those that runs made or that are declared.`,
    );
  const nameOf = await actorNames(row.versions.map((version) => version.createdBy));
  const policies = await loadPolicies(scope.workspace.id);
  const uses = await testUses(
    prisma(),
    scope.workspace.id,
    row.versions.map(({ testRows }) => testRows),
  );
  const pipeline = row.versions.find(({ variant }) => variant !== null)?.variant?.pipeline;
  const openFor = (alias: string) =>
    row.changeItems.find(({ environment }) => environment === alias)?.change.number ?? null;
  return {
    name: row.name,
    pipeline: pipeline?.name ?? null,
    ...aboutModel(row),
    owner: modelOwner(row, row.versions.find(({ variant }) => variant !== null)?.variant),
    description: row.description || (pipeline?.description ?? ""),
    intendedUse: row.intendedUse,
    label: labelOf(latest),
    versions: row.versions.map((version) => toVersion(version, nameOf, policies, uses)),
    differences: scoreDifferences(row.versions.flatMap(toScored)),
    open: { staging: openFor("staging"), production: openFor("production") },
    moves: await listAliasMoves(scope.workspace, row.name),
    deployments: await listDeployments(scope.workspace.id, row.name, row.versions),
    mlflow: await mlflowStateOfModel({
      name,
      workspaceId: scope.workspace.id,
      externalId:
        row.versions.find(({ runId, externalId }) => runId !== null && externalId !== null)?.externalId ?? null,
    }),
    mayEvaluate: can(scope.actor.roles, "run:start"),
    promotable: can(scope.actor.roles, "feature:propose"),
  };
}

function aboutModel(row: { description: string; owner: string; tags: string[]; meta: unknown }) {
  return { description: row.description, owner: row.owner, tags: row.tags, meta: row.meta as Meta };
}

function labelOf(version: VersionRow | undefined): string {
  return (version && leakageInputOf(version.leakageInput).consumer.label) ?? "";
}

const ALIASED = { select: { alias: true, modelVersion: { select: { version: true } } } } as const;

function aliasesOf(rows: { alias: string; modelVersion: { version: number } }[]): ModelSummary["aliases"] {
  const named = (alias: string) => rows.find((row) => row.alias === alias)?.modelVersion.version ?? null;
  return { staging: named("staging"), production: named("production") };
}

/** Deployments that are not retired and score with the model. */
async function listDeployments(
  workspaceId: string,
  model: string,
  versions: readonly { version: number; variantId: string | null }[],
): Promise<Model["deployments"]> {
  const rows = await prisma().deployment.findMany({
    where: { workspaceId, model, retiredAt: null },
    select: { name: true, state: true, variantId: true },
    orderBy: { name: "asc" },
  });
  return rows.map(({ name, state, variantId }) => ({
    name,
    state,
    versions: versions.filter((version) => version.variantId === variantId).map(({ version }) => version),
  }));
}

/** The run writes one dataset for each entity: the predicted one's has the model's rows. */
function trainingDatasetOf({ run, fit }: VersionRow): ModelVersion["trainingDataset"] {
  if (!fit || !run) return null;
  const { entity } = definitionOf("Stage", fit.stageVersion);
  return run.outputs.find(({ dataset }) => dataset.split("@")[0] === entity) ?? null;
}

/** Nothing of a version that was fitted elsewhere: what it computes is not known. */
function toScored({ version, fit, verdicts, leakageInput, metrics }: VersionRow): ScoredVersion[] {
  if (!fit) return [];
  return [
    {
      version,
      verdict: worstVerdict(verdicts).verdict,
      question: questionOf(leakageInputOf(leakageInput), fit.signature),
      metrics: (metrics as ModelVersion["metrics"]).test ?? {},
    },
  ];
}

export function toVersion(
  row: VersionRow,
  nameOf: (id: string) => string,
  policies: LeakageInput["policies"],
  uses: ReadonlyMap<string, TestUse>,
): ModelVersion {
  const input = leakageInputOf(row.leakageInput);
  const { verdict, severity, sentence } = worstVerdict(row.verdicts);
  return {
    id: row.id,
    version: row.version,
    aliases: GOVERNED_ENVIRONMENTS.filter((name) => row.aliases.some(({ alias }) => alias === name)),
    runId: row.run?.id ?? null,
    runNumber: row.run?.number ?? null,
    stage: row.fit?.stageVersion.stage.name ?? null,
    operator: row.fit?.stageVersion.operator ?? null,
    where: whereKept(row, row.fit),
    // Of a version that was fitted elsewhere, whose registry may be another.
    mlflowUrl: row.run && row.externalId !== null ? versionPage(row.externalId) : null,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf(row.createdBy),
    metrics: row.metrics as ModelVersion["metrics"],
    verdict,
    severity,
    sentence,
    // The fit may be of an earlier run, which another version of the policy said the same rows to.
    trainedOn: describeRecordedRows(row.fit?.rowSet ? rowSetOf(row.fit.rowSet) : null, {
      policies: { ...policies, ...input.policies },
    }),
    trainingDataset: trainingDatasetOf(row),
    testedOn: row.run ? describeRowSet(input.consumer.test, input) : UNRECORDED_ROWS,
    testUse: toTestUse(uses.get(row.testRows ?? "")),
    features: row.verdicts
      .map((one) => ({
        feature: one.featureVersion.feature.name,
        version: one.featureVersion.version,
        verdict: one.verdict as Verdict,
        explanation: one.explanation,
      }))
      .sort((one, other) => (one.feature < other.feature ? -1 : 1)),
    isOfEarlierRules: row.verdicts.some(({ rules }) => isOfEarlierRules(rules)),
    earlierVerdicts: row.verdicts
      .flatMap((one) =>
        earlierOf(one).map((before) => ({
          feature: one.featureVersion.feature.name,
          verdict: before.verdict as Verdict,
          explanation: before.explanation,
          until: before.until,
          because: before.because ?? "rules",
        })),
      )
      .sort((one, other) => (`${one.until} ${one.feature}` < `${other.until} ${other.feature}` ? -1 : 1)),
    choice: (row.variant?.choice ?? {}) as Record<string, string>,
    search: row.run?.search ? searchInShort(searchResultOf(row.run.search)) : null,
  };
}

function searchInShort(found: SearchResult): ModelVersion["search"] {
  const { score, deviation, params } = chosenTrial(found);
  return { metric: found.metric, by: found.by, trials: found.trials.length, score: score ?? 0, deviation, params };
}
