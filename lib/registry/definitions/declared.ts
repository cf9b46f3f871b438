import {
  DECLARED_PATHS,
  type DeclaredDetail,
  type DeclaredList,
  type DeclaredPath,
  type DeclaredSummary,
  type ObjectReference,
} from "@/lib/contracts/definitions";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import { Prisma as Sql, type Prisma } from "@/lib/db/generated/client";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import { describeDefinition, type Described } from "@/lib/domain/definitions/describe-definition";
import { referencesOf } from "@/lib/domain/definitions/references";
import type { Principal } from "@/lib/domain/principal";
import { describedEntry, searchList } from "@/lib/domain/search/search-list";
import { actorNames } from "../actor-names";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";
import { definitionOf, describedOf } from "../stored-json";
import { loadCurrent, noSuchObject } from "./current";
import { splitOf } from "./split-policies";
import { spineKeysOf } from "./spine-keys";

/** Kinds whose documents name objects of other kinds. Features name their entity alone, by their names, and are too many to read. */
const NAMING = ["Entity", "Source", "Stage", "FeatureView", "FeatureService", "SplitPolicy", "Pipeline", "Monitor"] as const; // prettier-ignore

/** The declared objects of a kind by name, or those that have every word of `q`, the best first. */
export async function listDeclared(
  principal: Principal,
  path: DeclaredPath,
  query: PageQuery & { workspace: string; q: string },
): Promise<DeclaredList> {
  const { workspace } = await openScopeFor(principal, query.workspace, "workspace:read");
  const kind = DECLARED_PATHS[path];
  const rows: { id: string; definition: Prisma.JsonValue | Definition }[] =
    kind === "Workspace"
      ? await prisma().definitionVersion.findMany({ where: { currentWorkspace: { some: { id: workspace.id } } } })
      : await loadCurrent(workspace.id, [kind]);
  const found = searchList(rows, query.q, (row) => describedEntry(describedOf(row)));
  const { items, ...page } = pageOf(found, query);
  const versions = await prisma().definitionVersion.findMany({ where: { id: { in: items.map(({ id }) => id) } } });
  const [nameOf, readers] = [await actorNames(versions.map((row) => row.createdBy)), await loadReaders(workspace.id)];
  const byId = new Map(versions.map((row) => [row.id, row]));
  return {
    ...page,
    items: items.map(({ id }) => {
      const row = byId.get(id) as VersionRow;
      return toSummary(row, nameOf(row.createdBy), readers(kind, row.name).length);
    }),
  };
}

/** A declared object, retired or not: what happened with it names it still. Throws `not_found` for one that never was. */
export async function getDeclared(
  principal: Principal,
  path: DeclaredPath,
  name: string,
  asked: string,
): Promise<DeclaredDetail> {
  const { workspace } = await openScopeFor(principal, asked, "workspace:read");
  const kind = DECLARED_PATHS[path];
  const row = await prisma().definitionVersion.findFirst({
    where: { workspaceId: workspace.id, kind, name },
    orderBy: { version: "desc" },
  });
  if (!row) throw noSuchObject(kind, name, asked);
  const definition = describedOf(row);
  const [nameOf, readers] = [await actorNames([row.createdBy]), await loadReaders(workspace.id)];
  const readBy = readers(kind, name);
  const results = `/drift?view=${isConceptMonitor(definition) ? "concept&concept" : "monitors&monitor"}=${encodeURIComponent(name)}`;
  return {
    ...toSummary(row, nameOf(row.createdBy), readBy.length),
    retiredAt: await retiredAt(kind, row.objectId),
    names: referencesOf(definition),
    readBy,
    results: kind === "Monitor" ? results : null,
    split: await splitOf(workspace.id, definition),
    spineKeys: await spineKeysOf(workspace.id, definition),
    yaml: writeSpec(definition),
  };
}

type VersionRow = Awaited<ReturnType<ReturnType<typeof prisma>["definitionVersion"]["findFirstOrThrow"]>>;

function toSummary(row: VersionRow, changedBy: string, readers: number): DeclaredSummary {
  const definition = describedOf(row);
  return {
    name: row.name,
    description: definition.description ?? "",
    ...ownership(definition),
    sentence: describeDefinition(definition),
    readers,
    version: row.version,
    changedAt: row.createdAt.toISOString(),
    changedBy,
  };
}

function ownership(definition: Described): { owner: string; tags: string[] } {
  if (definition.kind === "Workspace") return { owner: "", tags: [] };
  return { owner: definition.owner ?? "", tags: definition.tags ?? [] };
}

/** Who names an object, by kind and name: definitions that are in use, deployments that are not retired, and A/B tests. */
async function loadReaders(workspaceId: string): Promise<(kind: DefinitionKind, name: string) => ObjectReference[]> {
  const [definitions, workspace, deployments, abTests] = await Promise.all([
    loadCurrent(workspaceId, NAMING),
    prisma().workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { definition: true } }),
    prisma().deployment.findMany({
      where: { workspaceId, state: { not: "retired" } },
      select: { name: true, variant: { select: { pipeline: { select: { name: true } } } } },
      orderBy: { name: "asc" },
    }),
    prisma().abTest.findMany({ where: { workspaceId }, select: { name: true, splitPolicy: true }, orderBy: { name: "asc" } }), // prettier-ignore
  ]);
  const readers = new Map<string, ObjectReference[]>();
  const note = (kind: string, name: string, reader: ObjectReference) => {
    const known = readers.get(`${kind} ${name}`);
    if (known) known.push(reader);
    else readers.set(`${kind} ${name}`, [reader]);
  };
  const documents: Definition[] = [...definitions.map((row) => row.definition), definitionOf("Workspace", workspace)];
  for (const definition of documents)
    for (const { kind, name, how } of referencesOf(definition))
      note(kind, name, { kind: definition.kind, name: definition.name, how });
  for (const { name, variant } of deployments)
    note("Pipeline", variant.pipeline.name, { kind: "Deployment", name, how: "runs a variant of it" });
  for (const { name, splitPolicy } of abTests)
    note("SplitPolicy", splitPolicy, { kind: "AbTest", name, how: "assigns its arms by it" });
  return (kind, name) =>
    (readers.get(`${kind} ${name}`) ?? []).toSorted(
      (one, other) => one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name),
    );
}

async function retiredAt(kind: DefinitionKind, objectId: string): Promise<string | null> {
  const column = kind === "Workspace" ? Sql.raw(`"archivedAt"`) : Sql.raw(`"retiredAt"`);
  const [row] = await prisma().$queryRaw<{ at: Date | null }[]>`
    SELECT ${column} AS "at" FROM ${Sql.raw(`"${kind}"`)} WHERE "id" = ${objectId}`;
  return row?.at?.toISOString() ?? null;
}
