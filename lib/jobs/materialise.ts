import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { type Jobs, openQueue } from "@/lib/db/queue";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { SYSTEM } from "@/lib/domain/principal";
import type { Engine } from "@/lib/engines/engine";
import { entityKey, type OnlineRow, type OnlineStore } from "@/lib/online/online-store";
import { announce } from "@/lib/registry/notifications/announce";
import { recordEvent, sha256 } from "@/lib/registry/record-event";
import { queueSkewCheck, servedEnvironments } from "@/lib/registry/drift/skew-due";

const BATCH = 2000;

/**
 * Copies the newest values of a view, as one run wrote them, to the online store. Readers see the set by its row, which is
 * written after the last value. Doing it twice changes nothing: the set's id follows from the run and the view.
 * @returns how many entities were written, or null when there was nothing to do, or values that may not be served
 */
export async function materialise(
  { runId, viewId }: Jobs["materialise"],
  engine: Engine,
  store: OnlineStore,
  now = new Date(),
): Promise<number | null> {
  const setId = setIdOf(runId, viewId);
  if (await prisma().materialisation.findUnique({ where: { id: setId }, select: { id: true } })) return null;
  const view = await prisma().featureView.findUniqueOrThrow({
    where: { id: viewId },
    include: { workspace: { select: { id: true, name: true } } },
  });
  const { definition } = await prisma().entity.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId: view.workspaceId, name: view.entity } },
    select: { definition: true },
  });
  const entity = definition as unknown as EntityDefinition;
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
  if (first.datasetVersion.quarantinedAt !== null) {
    const message = `${view.name} stays as it is: the values are in quarantine.`;
    await prisma().runLog.create({ data: { runId, level: "warn", message } });
    return null;
  }
  const files = first.datasetVersion.files as { path: string }[];
  const columns = values.map((row) => row.column);
  const keys = entity.joinKeys.map((key) => key.name);
  const read = () => readOnlineRows(engine, files, { columns, keys, eventTime: entity.eventTime, now });
  const types = values.map((row) => row.featureVersion.feature.type as ColumnType);
  const { rows } = await store.writeSet(setId, types, read());
  if (rows === 0) {
    await store.dropSet(setId);
    await keepLastSet(view, { runId, datasetVersionId: first.datasetVersionId, rows: first.datasetVersion.rows });
    return null;
  }
  await openQueue();
  await prisma().$transaction(async (tx) => {
    await tx.materialisation.create({
      data: {
        id: setId,
        workspaceId: view.workspaceId,
        viewId,
        runId,
        datasetVersionId: first.datasetVersionId,
        featureVersionIds: values.map((row) => row.featureVersion.id),
        rows: BigInt(rows),
      },
    });
    await tx.runLog.create({
      data: { runId, level: "info", message: `${view.name}: ${rows.toLocaleString("en")} entities are online.` },
    });
    for (const environment of await servedEnvironments(tx, view))
      await queueSkewCheck(tx, { viewId, environment, requestedBy: SYSTEM.id });
    const run = await tx.run.update({
      where: { id: runId },
      data: { updatedAt: new Date() },
      select: { number: true },
    });
    await recordEvent(
      tx,
      {
        actor: { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] },
        workspace: view.workspace,
        requestId: null,
      },
      {
        action: "view.materialise",
        object: `view/${view.name}`,
        after: { run: run.number, rows, features: values.map((row) => row.featureVersion.feature.name) },
      },
    );
  });
  return rows;
}

/** Says that nothing of what a run wrote can be served: whatever is online stays, because an empty set would answer every key with nothing. */
async function keepLastSet(
  view: { id: string; name: string; workspaceId: string; workspace: { id: string; name: string } },
  written: { runId: string; datasetVersionId: string; rows: bigint },
): Promise<void> {
  const { runId } = written;
  const reason =
    written.rows === 0n
      ? "the run wrote no rows"
      : "no row that the run wrote has its keys and a time that is not in the future";
  const kept = await prisma().materialisation.findFirst({
    where: { viewId: view.id },
    orderBy: { createdAt: "desc" },
    select: { run: { select: { number: true } } },
  });
  const stays = kept ? `The values of run ${kept.run.number} stay online.` : "It has no values online.";
  const message = `${view.name}: ${reason}. ${stays} Look at the run's sources.`;
  await prisma().$transaction(async (tx) => {
    const run = await tx.run.findUniqueOrThrow({ where: { id: runId }, select: { number: true } });
    await tx.runLog.create({ data: { runId, level: "error", message } });
    await recordEvent(
      tx,
      {
        actor: { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] },
        workspace: view.workspace,
        requestId: null,
      },
      { action: "view.materialise_fail", object: `view/${view.name}`, after: { run: run.number, message } },
    );
    await announce(tx, view.workspaceId, [
      {
        event: "view.not_materialised",
        object: `view/${view.name}`,
        path: `/runs/${runId}`,
        summary: message,
        data: { view: view.name, run: run.number, message },
      },
    ]);
  });
}

async function* readOnlineRows(
  engine: Engine,
  files: { path: string }[],
  { columns, keys, eventTime, now }: { columns: string[]; keys: string[]; eventTime: string | undefined; now: Date },
): AsyncIterable<OnlineRow[]> {
  for (const file of files) {
    const batches = engine.readRows(path.resolve(environment().TRIBUTARY_DATA, file.path), {
      columns: [...new Set([...columns, ...(eventTime ? [eventTime] : [])])],
      keys,
      present: true,
      // A row of the future is served once it is present, by the first run after that.
      ...(eventTime && { latestBy: eventTime, asOf: now.toISOString() }),
      batch: BATCH,
    });
    for await (const rows of batches)
      yield rows.map((row) => ({
        key: entityKey(keys.map((key) => row[key])),
        values: columns.map((column) => row[column]),
        eventTime: timeOf(eventTime && row[eventTime]),
      }));
  }
}

function timeOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A version 8 UUID made from the digest, so that a repeated job writes the same set again instead of a second one. */
function setIdOf(runId: string, viewId: string): string {
  const hex = sha256(`${runId}/${viewId}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
