import { prisma, type Transaction } from "@/lib/db/client";
import { type JobAttempt, openQueue } from "@/lib/db/queue";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { afterNewest } from "@/lib/domain/instant";
import { SYSTEM } from "@/lib/domain/principal";
import { valuesServedIn } from "@/lib/domain/serving/values-served";
import { queueSkewCheck, servedEnvironments } from "../drift/skew-due";
import { announce } from "../notifications/announce";
import { recordEvent } from "../record-event";
import { systemScope } from "../scope";
import { definitionOf, paramsOf, writtenFilesOf } from "../stored-json";

/** Values of a view that one run wrote and that are not online yet. */
export interface WrittenValues {
  /** The set of the online store that they go into. */
  setId: string;
  runId: string;
  view: { id: string; name: string; workspaceId: string; features: string[]; workspace: { id: string; name: string } };
  entity: EntityDefinition;
  /** In the view's order. */
  columns: { feature: string; featureVersionId: string; type: ColumnType; column: string }[];
  datasetVersionId: string;
  /** Paths below the data folder. */
  files: string[];
  /** Rows that the run wrote. */
  rows: bigint;
  /** The environment whose predictions they are; null for values that belong to every environment. */
  environment: string | null;
  /**
   * The set that serves the same columns now, with their places in its rows, where the run wrote a window only: entities without
   * a row in the window keep their values. Null for a run that wrote all rows.
   */
  base: { setId: string; positions: number[] } | null;
}

/**
 * What a run wrote of a view. Null when it is online already, when it wrote nothing of the view, and when its values are in
 * quarantine, which the run's log then says.
 */
export async function findWrittenValues(setId: string, runId: string, viewId: string): Promise<WrittenValues | null> {
  if (await isMaterialised(setId)) return null;
  const view = await prisma().featureView.findUniqueOrThrow({
    where: { id: viewId },
    include: { workspace: { select: { id: true, name: true } } },
  });
  const entity = await prisma().entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId: view.workspaceId, name: view.entity } },
    select: { definition: true },
  });
  const written = await prisma().featureValues.findMany({
    where: { runId, featureVersion: { feature: { workspaceId: view.workspaceId, name: { in: view.features } } } },
    include: {
      datasetVersion: true,
      featureVersion: { select: { id: true, feature: { select: { name: true, type: true } } } },
    },
  });
  const values = view.features.flatMap((name) => written.filter((row) => row.featureVersion.feature.name === name));
  const [first] = values;
  if (!first) return null;
  const { datasetVersion, environment } = first;
  if (datasetVersion.quarantinedAt !== null) {
    const message = `${view.name} stays as it is: the values are in quarantine.`;
    await prisma().runLog.create({ data: { runId, level: "warn", message } });
    return null;
  }
  return {
    setId,
    runId,
    view,
    entity: definitionOf("Entity", entity),
    columns: values.map(({ column, featureVersion: { id, feature } }) => ({
      feature: feature.name,
      featureVersionId: id,
      type: feature.type as ColumnType,
      column,
    })),
    datasetVersionId: datasetVersion.id,
    files: writtenFilesOf(datasetVersion.files).map((file) => file.path),
    rows: datasetVersion.rows,
    environment,
    base: await findBase(
      view.id,
      runId,
      values.map((row) => row.featureVersionId),
      environment,
    ),
  };
}

/** Whether readers see the set. */
export async function isMaterialised(setId: string): Promise<boolean> {
  return (await prisma().materialisation.count({ where: { id: setId } })) > 0;
}

async function findBase(
  viewId: string,
  runId: string,
  versions: string[],
  environment: string | null,
): Promise<WrittenValues["base"]> {
  const run = await prisma().run.findUniqueOrThrow({ where: { id: runId }, select: { params: true } });
  if (!paramsOf(run).window) return null;
  const sets = await prisma().materialisation.findMany({
    where: { viewId, featureVersionIds: { hasEvery: versions } },
    orderBy: { createdAt: "desc" },
    select: { id: true, featureVersionIds: true, environment: true },
  });
  const set = environment === null ? sets.find((one) => one.environment === null) : valuesServedIn(environment, sets);
  return set ? { setId: set.id, positions: versions.map((id) => set.featureVersionIds.indexOf(id)) } : null;
}

/**
 * Records that a set is online, by which readers see it, and has it compared with the files wherever something of it is served. Nothing
 * where another worker did so: this one was stopped for longer than the job waits for it.
 * @param warning what the run's log should say besides; null for nothing
 */
export async function recordMaterialisation(
  { setId, runId, view, columns, datasetVersionId, environment }: WrittenValues,
  rows: number,
  warning: string | null,
): Promise<void> {
  await openQueue();
  await prisma().$transaction(async (tx) => {
    const newest = await tx.materialisation.findFirst({
      where: { viewId: view.id },
      orderBy: { createdAt: "desc" },
      select: { createdAt: true },
    });
    const { count } = await tx.materialisation.createMany({
      skipDuplicates: true,
      data: {
        id: setId,
        workspaceId: view.workspaceId,
        viewId: view.id,
        runId,
        datasetVersionId,
        featureVersionIds: columns.map((column) => column.featureVersionId),
        environment,
        rows: BigInt(rows),
        createdAt: afterNewest(newest?.createdAt, new Date()),
      },
    });
    if (count === 0) return;
    await tx.runLog.create({
      data: { runId, level: "info", message: `${view.name}: ${rows.toLocaleString("en")} entities are online.` },
    });
    if (warning !== null) await tx.runLog.create({ data: { runId, level: "warn", message: warning } });
    for (const served of await servedEnvironments(tx, view))
      await queueSkewCheck(tx, { viewId: view.id, environment: served, requestedBy: SYSTEM.id });
    const run = await tx.run.update({
      where: { id: runId },
      data: { updatedAt: new Date() },
      select: { number: true },
    });
    await recordEvent(tx, systemScope(view.workspace), {
      action: "view.materialise",
      object: `view/${view.name}`,
      after: { run: run.number, rows, features: columns.map(({ feature }) => feature) },
    });
  });
}

/** Records that nothing of what a run wrote can be served: whatever is online stays, because an empty set would answer every key with nothing. */
export async function recordEmptyMaterialisation({ runId, view, rows }: WrittenValues): Promise<void> {
  const reason =
    rows === 0n
      ? "the run wrote no rows"
      : "no row that the run wrote has its keys and a time that is not in the future";
  const kept = await prisma().materialisation.findFirst({
    where: { viewId: view.id },
    orderBy: { createdAt: "desc" },
    select: { run: { select: { number: true } } },
  });
  const stays = kept ? `The values of run ${kept.run.number} stay online.` : "It has no values online.";
  await prisma().$transaction((tx) =>
    announceStale(tx, { runId, view, message: `${view.name}: ${reason}. ${stays} Look at the run's sources.` }),
  );
}

/**
 * Says that values of a run did not go online, in the run's log, and to who is notified when it happens first and when it is not tried
 * again.
 */
export async function recordFailedMaterialisation(
  { runId, viewId }: { runId: string; viewId: string },
  reason: string,
  { isFirst, isLast }: JobAttempt,
): Promise<void> {
  const view = await prisma().featureView.findUniqueOrThrow({
    where: { id: viewId },
    select: { name: true, workspaceId: true, workspace: { select: { id: true, name: true } } },
  });
  const next = isLast ? "It is not tried again: run the pipeline again." : "It is tried again.";
  const message = `${view.name}: the values did not go online. ${reason} ${next}`;
  await prisma().$transaction(async (tx) => {
    if (isFirst || isLast) await announceStale(tx, { runId, view, message });
    else await tx.runLog.create({ data: { runId, level: "error", message } });
  });
}

/** Logs, audits and announces that what is online of a view is not what a run wrote. */
async function announceStale(
  tx: Transaction,
  { runId, view, message }: { runId: string; view: Omit<WrittenValues["view"], "id" | "features">; message: string },
): Promise<void> {
  const run = await tx.run.findUniqueOrThrow({ where: { id: runId }, select: { number: true } });
  await tx.runLog.create({ data: { runId, level: "error", message } });
  await recordEvent(tx, systemScope(view.workspace), {
    action: "view.materialise_fail",
    object: `view/${view.name}`,
    after: { run: run.number, message },
  });
  await announce(tx, view.workspaceId, [
    {
      event: "view.not_materialised",
      object: `view/${view.name}`,
      path: `/runs/${runId}`,
      summary: message,
      data: { view: view.name, run: run.number, message },
    },
  ]);
}
