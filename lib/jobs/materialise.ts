import path from "node:path";
import { environment } from "@/lib/config/environment";
import { prisma } from "@/lib/db/client";
import { type Jobs, openQueue } from "@/lib/db/queue";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { SYSTEM, SYSTEM_ACTOR } from "@/lib/domain/principal";
import { valuesServedIn } from "@/lib/domain/serving/values-served";
import type { Engine } from "@/lib/engines/engine";
import { type BaseSet, entityKey, KEY_SEPARATOR, type OnlineRow, type OnlineStore } from "@/lib/online/online-store";
import { announce } from "@/lib/registry/notifications/announce";
import type { RunParams } from "@/lib/domain/runs/run-params";
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
  const { rows, longKeys } = await store.writeSet(setId, types, read(), await findBase(view.id, runId, values));
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
        environment: first.environment,
        rows: BigInt(rows),
      },
    });
    await tx.runLog.create({
      data: { runId, level: "info", message: `${view.name}: ${rows.toLocaleString("en")} entities are online.` },
    });
    if (longKeys.length > 0)
      await tx.runLog.create({ data: { runId, level: "warn", message: describeLongKeys(view.name, longKeys) } });
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
        actor: SYSTEM_ACTOR,
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
        actor: SYSTEM_ACTOR,
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

/**
 * What a run that wrote a window only begins with: the set that serves the same columns now, so that entities without a row in
 * the window keep their values. Null for a run that wrote all rows.
 */
async function findBase(
  viewId: string,
  runId: string,
  values: readonly { featureVersionId: string; environment: string | null }[],
): Promise<BaseSet | null> {
  const run = await prisma().run.findUniqueOrThrow({ where: { id: runId }, select: { params: true } });
  if (!(run.params as Partial<RunParams>).window) return null;
  const versions = values.map((row) => row.featureVersionId);
  const sets = await prisma().materialisation.findMany({
    where: { viewId, featureVersionIds: { hasEvery: versions } },
    orderBy: { createdAt: "desc" },
    select: { id: true, featureVersionIds: true, environment: true },
  });
  const environment = values[0]?.environment ?? null;
  const set = environment === null ? sets.find((one) => one.environment === null) : valuesServedIn(environment, sets);
  return set ? { setId: set.id, positions: versions.map((id) => set.featureVersionIds.indexOf(id)) } : null;
}

const LONG_KEYS_NAMED = 5;
const SHOWN_OF_A_KEY = 80;

function describeLongKeys(view: string, keys: readonly string[]): string {
  const named = keys.slice(0, LONG_KEYS_NAMED).map((key) => {
    const shown = key.replaceAll(KEY_SEPARATOR, ", ");
    const text = shown.length > SHOWN_OF_A_KEY ? `${shown.slice(0, SHOWN_OF_A_KEY)}…` : shown;
    return `\`${text}\` (${Buffer.byteLength(key).toLocaleString("en")} bytes)`;
  });
  const more = keys.length - named.length;
  return `${view}: ${keys.length === 1 ? "one key is" : `${keys.length} keys are`} longer than the online store's keys may be and served by a digest: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
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
