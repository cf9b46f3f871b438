import type { Prisma, Transaction } from "@/lib/db/client";
import type { RowLoader } from "@/lib/db/load-rows";
import { insertRows, type NewRow, type Rows } from "@/lib/db/write-rows";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import { placeOf, type SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { nextTime, parseSchedule } from "@/lib/domain/schedule/schedule";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { objectName } from "@/lib/domain/specs/placed-definition";
import { createOwners } from "../access/owners";
import { featureWrites } from "./apply-features";
import { applyModels } from "./apply-models";
import {
  type DeclaredTable,
  type LoadedWrites,
  loadWrites,
  type RowWrites,
  rowWrites,
  type Writer,
  writeRows,
} from "./apply-rows";
import {
  type LoadedSourceVersions,
  loadSourceVersions,
  type SourceVersionWrites,
  sourceVersionWrites,
  writeSourceVersions,
} from "./apply-source-versions";
import { stageWrites } from "./apply-stages";
import { queueProfiles } from "../catalogue/profile-due";
import { workspaceRow } from "../catalogue/workspace-documents";
import { lineageChangesOf, syncLineage } from "../lineage/sync";
import {
  digestOf,
  type LoadedEvents,
  loadEvents,
  prepareEvent,
  type PreparedEvent,
  recordEvents,
  recordLoaded,
} from "../record-event";
import type { Scope } from "../scope";
import { asJson } from "../stored-json";

/** Everything that differences write, worked out before any of it is written. */
export interface SpecWrites {
  differences: readonly SpecDifference[];
  /** One for each kind, in the order in which they refer to each other. */
  rows: RowWrites<DeclaredTable>[];
  stageVersions: NewRow<"StageVersion">[];
  stageColumns: NewRow<"StageColumn">[];
  sourceVersions: SourceVersionWrites;
  /** Names of sources whose data is to be read. */
  sourcesToRead: string[];
  /** One for each difference. */
  events: PreparedEvent[];
}

/**
 * Works out what brings the registry to what the differences say: it reads, and writes nothing. Holds as long as nobody applies
 * documents to the workspace.
 * @param present what is declared, stages in declaration order
 */
export async function workOutWrites(
  db: Prisma,
  writer: Writer,
  present: readonly Definition[],
  differences: readonly SpecDifference[],
): Promise<SpecWrites> {
  const data = await dataWrites(db, writer, differences);
  const stages = await stageWrites(db, writer, differences, kindAfter(present, [], "Stage") as StageDefinition[]);
  const readers = await readerWrites(db, writer, differences);
  const sources = kindAfter(present, differences, "Source").sort((a, b) => (a.name < b.name ? -1 : 1));
  const declared = kindAfter(present, differences, "Feature");
  const features = await featureWrites(db, writer, { sources, stages: stages.after, declared });
  return {
    differences,
    rows: [...data, stages.rows, ...readers, features] as RowWrites<DeclaredTable>[],
    stageVersions: stages.versions,
    stageColumns: stages.columns,
    sourceVersions: await sourceVersionWrites(db, writer, sources, features),
    sourcesToRead: sourcesToRead(sources, differences),
    events: differences.map(({ kind, name, action, before, after }) =>
      prepareEvent({
        action: `${objectName(kind, "").slice(0, -1)}.${action}`,
        object: objectName(kind, name),
        before,
        after,
      }),
    ),
  };
}

/** `SpecWrites` whose rows the database has, or that travel with their statements. */
export interface LoadedSpecWrites {
  differences: readonly SpecDifference[];
  rows: LoadedWrites<DeclaredTable>[];
  stageVersions: Rows<"StageVersion">;
  stageColumns: Rows<"StageColumn">;
  sourceVersions: LoadedSourceVersions;
  sourcesToRead: string[];
  events: LoadedEvents;
}

/** What can be done of writing before the transaction: see load-rows. */
export async function loadSpecWrites(loader: RowLoader, scope: Scope, writes: SpecWrites): Promise<LoadedSpecWrites> {
  const rows: LoadedWrites<DeclaredTable>[] = [];
  for (const one of writes.rows) rows.push(await loadWrites(loader, one));
  return {
    differences: writes.differences,
    rows,
    stageVersions: await loader.load("StageVersion", writes.stageVersions),
    stageColumns: await loader.load("StageColumn", writes.stageColumns),
    sourceVersions: await loadSourceVersions(loader, writes.sourceVersions),
    sourcesToRead: writes.sourcesToRead,
    events: await loadEvents(loader, scope, writes.events),
  };
}

/**
 * Writes what was worked out and records one event for each difference, by statements of many rows in the caller's transaction, which
 * has seen to it that it still holds.
 */
export async function write(tx: Transaction, scope: Scope, writes: LoadedSpecWrites): Promise<void> {
  const { differences } = writes;
  const workspaceId = scope.workspace.id;
  await applyWorkspace(tx, scope, differences);
  for (const rows of writes.rows) await writeRows(tx, rows);
  await applyModels(tx, scope, differences);
  await insertRows(tx, writes.stageVersions);
  await insertRows(tx, writes.stageColumns);
  await writeSourceVersions(tx, writes.sourceVersions);
  await syncLineage(tx, workspaceId, lineageChangesOf(differences));
  await queueProfiles(tx, workspaceId, writes.sourcesToRead);
  await recordEvents(tx, scope, await createOwners(tx, scope, ownersOf(differences)));
  await recordLoaded(tx, scope, writes.events);
}

/** Owners that the differences declare. */
export const ownersOf = (differences: readonly SpecDifference[]): string[] =>
  differences.flatMap(({ after }) => (after && "owner" in after && after.owner ? [after.owner] : []));

/** Definitions of a kind as they are to be: those of the registry with the differences. */
function kindAfter<Kind extends DefinitionKind>(
  present: readonly Definition[],
  differences: readonly SpecDifference[],
  kind: Kind,
): Extract<Definition, { kind: Kind }>[] {
  const named = new Map(present.filter((one) => one.kind === kind).map((one) => [one.name, one]));
  for (const one of differences)
    if (one.kind === kind) {
      if (one.after) named.set(one.name, one.after);
      else named.delete(one.name);
    }
  return [...named.values()] as Extract<Definition, { kind: Kind }>[];
}

/** Sources whose data nobody has seen as they are declared now, and those whose columns an online view has now. */
function sourcesToRead(sources: readonly SourceDefinition[], differences: readonly SpecDifference[]): string[] {
  const changed = differences.flatMap(({ after }) => after ?? []);
  const declared = new Set(changed.flatMap((one) => (one.kind === "Source" ? [one.name] : [])));
  const served = new Set(changed.flatMap((one) => (one.kind === "FeatureView" && one.online ? one.features : [])));
  return sources
    .filter(
      ({ name, entity, columns }) =>
        declared.has(name) || columns.some((column) => served.has(`${entity}.${column.name}`)),
    )
    .map(({ name }) => name);
}

async function applyWorkspace(tx: Transaction, scope: Scope, differences: readonly SpecDifference[]): Promise<void> {
  const changed = differences.find(({ kind, action }) => kind === "Workspace" && action === "change")?.after;
  if (changed?.kind !== "Workspace") return;
  const data = { ...workspaceRow(changed), updatedBy: scope.actor.id };
  await tx.workspace.update({ where: { id: scope.workspace.id }, data });
}

/** What every definition's row has. */
function common(definition: Exclude<Definition, { kind: "Workspace" }>) {
  return { description: definition.description ?? "", definition: asJson(definition), digest: digestOf(definition) };
}

function ownedBy({ owner, tags }: { owner?: string; tags?: string[] }) {
  return { owner: owner ?? "", tags: tags ?? [] };
}

/** When a schedule asks for the first time; null without one. ISO 8601. */
function firstTime(kind: DefinitionKind, { name, schedule }: { name: string; schedule?: string }): string | null {
  return schedule ? nextTime(parseSchedule(schedule, [kind, name, "schedule"]), new Date()).toISOString() : null;
}

async function dataWrites(db: Prisma, writer: Writer, differences: readonly SpecDifference[]) {
  return [
    await rowWrites(db, writer, "Entity", differences, common),
    await rowWrites(db, writer, "Source", differences, (source) => ({
      ...common(source),
      ...ownedBy(source),
      meta: source.meta ?? {},
      entity: source.entity,
      format: source.format,
      location: placeOf(source),
    })),
    await rowWrites(db, writer, "SplitPolicy", differences, (split) => ({ ...common(split), type: split.type })),
  ];
}

async function readerWrites(db: Prisma, writer: Writer, differences: readonly SpecDifference[]) {
  const unscheduled = { nextRunAt: null };
  return [
    await rowWrites(
      db,
      writer,
      "FeatureView",
      differences,
      (view) => ({
        ...common(view),
        ...ownedBy(view),
        entity: view.entity,
        features: view.features,
        ttlSeconds: view.ttlSeconds,
        online: view.online,
        schedule: view.schedule ?? null,
        nextRunAt: firstTime("FeatureView", view),
        freshnessSeconds: view.freshnessSeconds ?? null,
      }),
      unscheduled,
    ),
    await rowWrites(db, writer, "FeatureService", differences, (service) => ({
      ...common(service),
      ...ownedBy(service),
      features: service.features,
    })),
    await rowWrites(db, writer, "Pipeline", differences, (pipeline) => ({
      ...common(pipeline),
      ...ownedBy(pipeline),
      meta: pipeline.meta ?? {},
      outputs: pipeline.outputs,
    })),
    await rowWrites(
      db,
      writer,
      "Monitor",
      differences,
      (monitor) => ({ ...common(monitor), ...ownedBy(monitor), nextRunAt: firstTime("Monitor", monitor) }),
      unscheduled,
    ),
  ];
}
