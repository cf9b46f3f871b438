import type { DatasetDetail, DatasetKind, DatasetList, DatasetState, DatasetSummary } from "@/lib/contracts/datasets";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { describedEntry, searchList } from "@/lib/domain/search/search-list";
import { actorNames } from "../actor-names";
import { type Catalogue, loadCatalogue } from "../catalogue/catalogue";
import { declaredSource, toVersionEntry } from "./facts";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";
import { columnsOfVersions, writtenNames } from "./version-columns";

/** Versions on a dataset's page; older ones are found by their run. */
const MOST_VERSIONS = 200;

const WITH_RUN = {
  run: {
    select: {
      id: true,
      number: true,
      title: true,
      kind: true,
      variant: { select: { pipeline: { select: { name: true } } } },
      modelVersions: { select: { model: { select: { name: true } } } },
    },
  },
  _count: { select: { profiles: true } },
} satisfies Prisma.DatasetVersionInclude;

type VersionRow = Prisma.DatasetVersionGetPayload<{ include: typeof WITH_RUN }>;

/** Sources and outputs, sources first, by name; or those that have every word of `q`, the best first. */
export async function listDatasets(
  principal: Principal,
  query: PageQuery & { workspace: string; q?: string; kind?: DatasetKind },
): Promise<DatasetList> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const catalogue = await loadCatalogue(workspace.id);
  const newest = await prisma().datasetVersion.findMany({
    where: { workspaceId: workspace.id },
    distinct: ["dataset"],
    orderBy: [{ dataset: "asc" }, { version: "desc" }],
    include: WITH_RUN,
  });
  const counts = await prisma().datasetVersion.groupBy({
    by: ["dataset"],
    where: { workspaceId: workspace.id },
    _count: true,
  });
  const nameOf = await actorNames(newest.map((row) => row.createdBy));
  const countOf = new Map(counts.map((row) => [row.dataset, row._count]));
  const columnsOf = await countColumns(workspace.id, newest);
  const byName = new Map(newest.map((row) => [row.dataset, row]));
  const all = [
    ...catalogue.sources.map((source) =>
      summariseSource(source, catalogue, byName.get(source.name), countOf.get(source.name) ?? 0, nameOf),
    ),
    ...newest
      .filter((row) => row.runId !== null)
      .map((row) => summariseOutput(row, columnsOf.get(row.id) ?? 0, countOf.get(row.dataset) ?? 0, nameOf)),
  ];
  const found = searchList(
    all.filter((dataset) => !query.kind || dataset.kind === query.kind),
    query.q ?? "",
    (dataset) => describedEntry(dataset, dataset.kind, dataset.entity),
  );
  return { ...pageOf(found, query), all: all.length };
}

/** A dataset with its versions. Throws `not_found`. */
export async function getDataset(principal: Principal, workspaceName: string, name: string): Promise<DatasetDetail> {
  const { workspace } = await openScopeFor(principal, workspaceName, "feature:read");
  const catalogue = await loadCatalogue(workspace.id);
  const source = catalogue.sources.find((candidate) => candidate.name === name);
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId: workspace.id, dataset: name },
    orderBy: { version: "desc" },
    take: MOST_VERSIONS,
    include: WITH_RUN,
  });
  const [latest] = rows;
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const count = latest?.version ?? 0;
  const history = rows.map((row) => toState(row, nameOf));
  if (source) return { ...summariseSource(source, catalogue, latest, count, nameOf), history };
  if (latest) {
    const columns = await countColumns(workspace.id, [latest]);
    return { ...summariseOutput(latest, columns.get(latest.id) ?? 0, count, nameOf), history };
  }
  throw new DomainError("not_found", `There is no dataset \`${name}\` in ${workspaceName}.`, { dataset: name });
}

type NameOf = (id: string) => string;

function summariseSource(
  source: SourceDefinition,
  catalogue: Catalogue,
  latest: VersionRow | undefined,
  versions: number,
  nameOf: NameOf,
): DatasetSummary {
  return {
    ...declaredSource(source, catalogue),
    kind: "source",
    versions,
    latest: latest ? toState(latest, nameOf) : null,
  };
}

const entityOf = ({ dataset }: Pick<VersionRow, "dataset">) => dataset.split("@")[0] ?? "";

/** Version → columns that Overview has of it, for those that runs wrote. */
async function countColumns(workspaceId: string, rows: readonly VersionRow[]): Promise<Map<string, number>> {
  const written = rows
    .filter(({ runId }) => runId !== null)
    .map((row) => ({ id: row.id, runId: row.runId, entity: entityOf(row) }));
  const columns = await columnsOfVersions(workspaceId, written, await writtenNames(written));
  return new Map([...columns].map(([id, names]) => [id, names.size]));
}

function summariseOutput(latest: VersionRow, columns: number, versions: number, nameOf: NameOf): DatasetSummary {
  const state = toState(latest, nameOf);
  return {
    name: latest.dataset,
    kind: kindOf(latest),
    entity: entityOf(latest),
    format: "parquet",
    description: state.run ? `Written by ${state.run.title}.` : "",
    owner: "",
    tags: [],
    meta: {},
    columns,
    versions,
    readers: state.run?.models ?? [],
    latest: state,
  };
}

function kindOf({ run }: VersionRow): DatasetKind {
  if (run?.kind === "predict") return "serving";
  return (run?.modelVersions.length ?? 0) > 0 ? "training" : "output";
}

function toState(row: VersionRow, nameOf: NameOf): DatasetState {
  return {
    ...toVersionEntry(row, nameOf(row.createdBy)),
    quarantinedAt: row.quarantinedAt?.toISOString() ?? null,
    heldBy: row.heldBy,
    profiles: row._count.profiles,
    run: row.run && {
      id: row.run.id,
      number: row.run.number,
      title: row.run.title,
      pipeline: row.run.variant?.pipeline.name ?? null,
      models: [...new Set(row.run.modelVersions.map(({ model }) => model.name))],
    },
  };
}
