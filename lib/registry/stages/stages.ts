import type { StageDetail, StageFilters, StageList, StageSummary } from "@/lib/contracts/stages";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import { stageKind } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { describeFitRows } from "@/lib/domain/leakage/describe-fit-rows";
import { estimatorClass, operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { Principal } from "@/lib/domain/principal";
import { describedEntry, searchList } from "@/lib/domain/search/search-list";
import { type CatalogueStage, loadCatalogue, loadStages } from "../catalogue/catalogue";
import { openScopeFor } from "../scope";
import { pageOf, type PageQuery } from "../paging";
import { partnersOf } from "./partners";
import { stageFits, stageVersions } from "./history";
import { usesOf } from "./uses";

/** The stages that meet every filter, in declaration order, or where words are searched for, the best first. */
export async function listStages(
  principal: Principal,
  query: StageFilters & PageQuery & { workspace: string },
): Promise<StageList> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const stages = await loadStages(scope.workspace.id);
  const found = searchList(
    stages.filter((stage) => meets(stage, query)),
    query.q ?? "",
    (stage) => describedEntry(stage, operatorName(stage), ...columnsOf(stage)),
  );
  const { items, ...page } = pageOf(found, query);
  const facets = {
    entity: countValues(stages.map((stage) => stage.entity)),
    operator: countValues(stages.map(operatorName)),
  };
  return { items: await summarise(scope.workspace.id, stages, items), ...page, facets };
}

function meets(stage: CatalogueStage, { kind, entity, operator, column }: StageFilters): boolean {
  if (kind && stageKind(stage) !== kind) return false;
  if (entity && stage.entity !== entity) return false;
  if (operator && operatorName(stage) !== operator) return false;
  return !column || columnsOf(stage).includes(column);
}

const columnsOf = ({ inputs, fitInputs = [], outputs }: CatalogueStage) => [
  ...inputs,
  ...fitInputs,
  ...outputs.map(({ column }) => column),
];

function countValues(values: string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

async function summarise(
  workspaceId: string,
  all: readonly CatalogueStage[],
  stages: readonly CatalogueStage[],
): Promise<StageSummary[]> {
  const names = stages.map((stage) => stage.name);
  const fits = await prisma().$queryRaw<{ name: string; count: bigint }[]>`
    SELECT s."name", count(*) AS count FROM "Fit" f
    JOIN "StageVersion" v ON v."id" = f."stageVersionId" JOIN "Stage" s ON s."id" = v."stageId"
    WHERE f."workspaceId" = ${workspaceId} AND s."name" = ANY(${names}) GROUP BY s."name"`;
  const runs = await prisma().$queryRaw<{ name: string; count: bigint }[]>`
    SELECT rs."stage" AS name, count(DISTINCT rs."runId") AS count FROM "RunStage" rs
    JOIN "Run" r ON r."id" = rs."runId"
    WHERE r."workspaceId" = ${workspaceId} AND rs."state" = 'done' AND rs."stage" = ANY(${names}) GROUP BY rs."stage"`;
  const countOf = (rows: { name: string; count: bigint }[], name: string) =>
    Number(rows.find((row) => row.name === name)?.count ?? 0);
  const writersOf = new Map<string, string[]>();
  for (const stage of all)
    for (const { column } of stage.outputs) writersOf.set(column, [...(writersOf.get(column) ?? []), stage.name]);
  return stages.map((stage) => ({
    name: stage.name,
    kind: stageKind(stage),
    operator: operatorName(stage),
    class: estimatorClass(stage),
    entity: stage.entity,
    inputs: stage.inputs,
    fitInputs: stage.fitInputs ?? [],
    outputs: stage.outputs,
    description: stage.description ?? "",
    owner: stage.owner ?? "",
    tags: stage.tags ?? [],
    meta: stage.meta ?? {},
    version: stage.version,
    alternatives: [
      ...new Set(
        stage.outputs.flatMap(({ column }) => writersOf.get(column) ?? []).filter((name) => name !== stage.name),
      ),
    ],
    fits: countOf(fits, stage.name),
    runs: countOf(runs, stage.name),
  }));
}

/** One stage with everything around it. Throws `not_found` for one that is not declared, or not any more. */
export async function getStage(principal: Principal, workspace: string, name: string): Promise<StageDetail> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const stage = catalogue.stages.find((one) => one.name === name);
  if (!stage) throw new DomainError("not_found", `There is no stage \`${name}\` in workspace ${workspace}.`);
  const [summary] = await summarise(scope.workspace.id, catalogue.stages, [stage]);
  const { versionId: _id, version: _version, digest: _digest, ...definition } = stage;
  const declared = stage.params ?? {};
  return {
    ...(summary as StageSummary),
    params: declared,
    defaults: Object.fromEntries(
      Object.entries(resolveParams(stage)).filter(([key, value]) => !Object.hasOwn(declared, key) && value !== null),
    ),
    from: stage.from ?? null,
    via: stage.via ?? {},
    fit: describeFitRows(stage.fit),
    cost: stage.cost ?? 1,
    code: stage.code ?? null,
    yaml: writeSpec(definition),
    tests: stage.tests ?? [],
    ...partnersOf(stage, catalogue),
    uses: await usesOf(scope.workspace.id, stage, catalogue),
    versions: await stageVersions(scope.workspace.id, name),
    recentFits: await stageFits(scope.workspace.id, name),
  };
}
