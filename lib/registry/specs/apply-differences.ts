import type { Transaction } from "@/lib/db/client";
import type { Definition } from "@/lib/domain/definitions/definition";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SpecDifference } from "@/lib/domain/specs/difference";
import { objectName } from "@/lib/domain/specs/placed-definition";
import { ensureOwners } from "../access/owners";
import { applyFeatures } from "./apply-features";
import { asJson, writeRows } from "../catalogue/apply-rows";
import { applyModels } from "./apply-models";
import { applySourceVersions } from "./apply-source-versions";
import { applyStages } from "./apply-stages";
import { loadCatalogue } from "../catalogue/catalogue";
import { queueSourceProfile } from "../catalogue/profile-due";
import { nextTime, parseSchedule } from "@/lib/domain/schedule/schedule";
import { lineageChangesOf, syncLineage } from "../lineage/sync";
import { digestOf, recordEvents } from "../record-event";
import type { Scope } from "../scope";
import { workspaceRow } from "../catalogue/workspace-documents";

/** Brings the registry to what the differences say and records one event for each, all in the caller's transaction. */
export async function applyDifferences(
  tx: Transaction,
  scope: Scope,
  differences: readonly SpecDifference[],
): Promise<void> {
  await applyWorkspace(tx, scope, differences);
  await applyData(tx, scope, differences);
  await applyStages(tx, scope, differences);
  await applyReaders(tx, scope, differences);
  await applyModels(tx, scope, differences);
  await ensureOwners(tx, scope, ownersOf(differences));
  const catalogue = await loadCatalogue(scope.workspace.id, tx);
  await applyFeatures(tx, scope, catalogue, declaredFeatures(catalogue.features, differences));
  await applySourceVersions(tx, scope, catalogue.sources);
  await syncLineage(tx, scope.workspace.id, lineageChangesOf(differences));
  for (const source of sourcesToRead(catalogue.sources, differences))
    await queueSourceProfile(tx, scope.workspace.id, source);
  await recordEvents(
    tx,
    scope,
    differences.map(({ kind, name, action, before, after }) => ({
      action: `${objectName(kind, "").slice(0, -1)}.${action}`,
      object: objectName(kind, name),
      before,
      after,
    })),
  );
}

/** Owners that the differences declare. */
export const ownersOf = (differences: readonly SpecDifference[]): string[] =>
  differences.flatMap(({ after }) => (after && "owner" in after && after.owner ? [after.owner] : []));

/** Sources whose data nobody has seen as they are declared now, and those whose columns an online view has now. */
function sourcesToRead(sources: readonly SourceDefinition[], differences: readonly SpecDifference[]): string[] {
  const changed = differences.flatMap(({ after }) => after ?? []);
  const views = changed.filter((one) => one.kind === "FeatureView" && one.online);
  const served = new Set(views.flatMap((view) => (view.kind === "FeatureView" ? view.features : [])));
  return sources
    .filter(
      ({ name, entity, columns }) =>
        changed.some((one) => one.kind === "Source" && one.name === name) ||
        columns.some((column) => served.has(`${entity}.${column.name}`)),
    )
    .map(({ name }) => name);
}

async function applyWorkspace(tx: Transaction, scope: Scope, differences: readonly SpecDifference[]): Promise<void> {
  const changed = differences.find(({ kind, action }) => kind === "Workspace" && action === "change")?.after;
  if (changed?.kind !== "Workspace") return;
  const data = { ...workspaceRow(changed), updatedBy: scope.actor.id };
  await tx.workspace.update({ where: { id: scope.workspace.id }, data });
}

/** Features as they are to be: those of the registry with the differences. */
function declaredFeatures(present: readonly Definition[], differences: readonly SpecDifference[]) {
  const features = new Map(present.map((feature) => [feature.name, feature]));
  for (const { kind, name, after } of differences)
    if (kind === "Feature") {
      if (after) features.set(name, after);
      else features.delete(name);
    }
  return [...features.values()].filter((feature) => feature.kind === "Feature");
}

/** What every definition's row has. */
function common(definition: Exclude<Definition, { kind: "Workspace" }>) {
  return { description: definition.description ?? "", definition: asJson(definition), digest: digestOf(definition) };
}

function ownedBy({ owner, tags }: { owner?: string; tags?: string[] }) {
  return { owner: owner ?? "", tags: tags ?? [] };
}

/** The arguments that reach the rows of the workspace, whichever table of declared objects they are in. */
function rowsIn({ workspace: { id: workspaceId }, actor }: Scope) {
  return {
    all: { where: { workspaceId }, select: { name: true } },
    one: (name: string) => ({ workspaceId_name: { workspaceId, name } }),
    retired: (names: string[]) => ({
      where: { workspaceId, name: { in: names } },
      data: { retiredAt: new Date(), updatedBy: actor.id },
    }),
  };
}

async function applyData(tx: Transaction, scope: Scope, differences: readonly SpecDifference[]): Promise<void> {
  const { all, one, retired } = rowsIn(scope);
  await writeRows(scope, differences, "Entity", common, {
    names: () => tx.entity.findMany(all),
    create: (data) => tx.entity.createMany({ data }),
    update: (name, data) => tx.entity.update({ where: one(name), data }),
    retire: (names) => tx.entity.updateMany(retired(names)),
  });
  await writeRows(
    scope,
    differences,
    "Source",
    (source) => ({
      ...common(source),
      ...ownedBy(source),
      meta: source.meta ?? {},
      entity: source.entity,
      format: source.format,
      location: source.location,
    }),
    {
      names: () => tx.source.findMany(all),
      create: (data) => tx.source.createMany({ data }),
      update: (name, data) => tx.source.update({ where: one(name), data }),
      retire: (names) => tx.source.updateMany(retired(names)),
    },
  );
  await writeRows(scope, differences, "SplitPolicy", (split) => ({ ...common(split), type: split.type }), {
    names: () => tx.splitPolicy.findMany(all),
    create: (data) => tx.splitPolicy.createMany({ data }),
    update: (name, data) => tx.splitPolicy.update({ where: one(name), data }),
    retire: (names) => tx.splitPolicy.updateMany(retired(names)),
  });
}

async function applyReaders(tx: Transaction, scope: Scope, differences: readonly SpecDifference[]): Promise<void> {
  const { all, one, retired } = rowsIn(scope);
  await writeRows(
    scope,
    differences,
    "FeatureView",
    (view) => ({
      ...common(view),
      ...ownedBy(view),
      entity: view.entity,
      features: view.features,
      ttlSeconds: view.ttlSeconds,
      online: view.online,
      schedule: view.schedule ?? null,
      nextRunAt: view.schedule
        ? nextTime(parseSchedule(view.schedule, ["FeatureView", view.name, "schedule"]), new Date())
        : null,
      freshnessSeconds: view.freshnessSeconds ?? null,
    }),
    {
      names: () => tx.featureView.findMany(all),
      create: (data) => tx.featureView.createMany({ data }),
      update: (name, data) => tx.featureView.update({ where: one(name), data }),
      retire: (names) =>
        tx.featureView.updateMany({ ...retired(names), data: { ...retired(names).data, nextRunAt: null } }),
    },
  );
  await writeRows(
    scope,
    differences,
    "FeatureService",
    (service) => ({ ...common(service), ...ownedBy(service), features: service.features }),
    {
      names: () => tx.featureService.findMany(all),
      create: (data) => tx.featureService.createMany({ data }),
      update: (name, data) => tx.featureService.update({ where: one(name), data }),
      retire: (names) => tx.featureService.updateMany(retired(names)),
    },
  );
  await writeRows(
    scope,
    differences,
    "Pipeline",
    (pipeline) => ({ ...common(pipeline), ...ownedBy(pipeline), meta: pipeline.meta ?? {}, outputs: pipeline.outputs }),
    {
      names: () => tx.pipeline.findMany(all),
      create: (data) => tx.pipeline.createMany({ data }),
      update: (name, data) => tx.pipeline.update({ where: one(name), data }),
      retire: (names) => tx.pipeline.updateMany(retired(names)),
    },
  );
  await writeRows(
    scope,
    differences,
    "Monitor",
    (monitor) => ({
      ...common(monitor),
      ...ownedBy(monitor),
      nextRunAt: monitor.schedule
        ? nextTime(parseSchedule(monitor.schedule, ["Monitor", monitor.name, "schedule"]), new Date())
        : null,
    }),
    {
      names: () => tx.monitor.findMany(all),
      create: (data) => tx.monitor.createMany({ data }),
      update: (name, data) => tx.monitor.update({ where: one(name), data }),
      retire: (names) =>
        tx.monitor.updateMany({ ...retired(names), data: { ...retired(names).data, nextRunAt: null } }),
    },
  );
}
