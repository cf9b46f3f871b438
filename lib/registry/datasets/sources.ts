import { writeSpec } from "@/lib/contracts/spec-documents-write";
import type { DatasetVersionEntry, SourceDetail, SourceList, SourceSummary } from "@/lib/contracts/sources";
import { prisma } from "@/lib/db/client";
import { placeOf, type SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { describedEntry, searchList } from "@/lib/domain/search/search-list";
import { actorNames } from "../actor-names";
import { type Catalogue, loadCatalogue } from "../catalogue/catalogue";
import { declaredSource, toVersionEntry } from "./facts";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";
import { sourceProfiles } from "./source-profiles";

/** The sources by name, or those that have every word of `q`, the best first. */
export async function listSources(
  principal: Principal,
  query: PageQuery & { workspace: string; q?: string },
): Promise<SourceList> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const found = searchList(catalogue.sources, query.q ?? "", (source) =>
    describedEntry(source, source.entity, ...source.columns.map(({ name }) => name)),
  );
  const { items, ...page } = pageOf(found, query);
  const versions = await versionsOf(
    scope.workspace.id,
    items.map((source) => source.name),
  );
  return {
    items: items.map((source) => summarise(source, catalogue, versions.get(source.name) ?? [])),
    ...page,
  };
}

/** One source with its columns, dataset versions and distributions. Throws `not_found`. */
export async function getSource(principal: Principal, workspace: string, name: string): Promise<SourceDetail> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const source = catalogue.sources.find((one) => one.name === name);
  if (!source) throw new DomainError("not_found", `There is no source \`${name}\` in workspace ${workspace}.`);
  const history = (await versionsOf(scope.workspace.id, [name])).get(name) ?? [];
  return {
    ...summarise(source, catalogue, history),
    rowKey: source.rowKey,
    timeColumn: source.timeColumn ?? null,
    appendOnly: source.appendOnly ?? false,
    yaml: writeSpec(source),
    schema: schemaOf(source, catalogue),
    history,
    profiles: await sourceProfiles(scope, source),
  };
}

/** Dataset versions by source, newest first. */
async function versionsOf(workspaceId: string, names: string[]): Promise<Map<string, DatasetVersionEntry[]>> {
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId, dataset: { in: names } },
    orderBy: { version: "desc" },
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const versions = new Map<string, DatasetVersionEntry[]>();
  for (const row of rows)
    versions.set(row.dataset, [...(versions.get(row.dataset) ?? []), toVersionEntry(row, nameOf(row.createdBy))]);
  return versions;
}

function summarise(
  source: SourceDefinition,
  catalogue: Catalogue,
  versions: readonly DatasetVersionEntry[],
): SourceSummary {
  return {
    ...declaredSource(source, catalogue),
    location: placeOf(source),
    versions: versions.length,
    latest: versions[0] ?? null,
  };
}

function schemaOf(source: SourceDefinition, { entities, features, stages }: Catalogue): SourceDetail["schema"] {
  const joinKeys = entities.find((entity) => entity.name === source.entity)?.joinKeys.map((key) => key.name) ?? [];
  return source.columns.map((one) => {
    const column = `${source.entity}.${one.name}`;
    const feature = features.find((candidate) => candidate.name === column);
    const roles: SourceDetail["schema"][number]["roles"] = [];
    if (source.rowKey.includes(one.name)) roles.push("row key");
    if (joinKeys.includes(one.name)) roles.push("join key");
    if (source.timeColumn === one.name) roles.push("time");
    if (source.createdColumn === one.name) roles.push("created");
    if (source.rowNumber === one.name) roles.push("row number");
    return {
      name: one.name,
      column,
      type: one.type,
      from: one.from ?? null,
      description: feature?.description ?? one.description ?? "",
      roles,
      readers: stages
        .filter((stage) => stage.inputs.includes(column) || stage.fitInputs?.includes(column))
        .map((stage) => stage.name),
    };
  });
}
