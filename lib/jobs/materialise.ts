import path from "node:path";
import { environment } from "@/lib/config/environment";
import type { Engine } from "@/lib/engines/engine";
import { entityKey, KEY_SEPARATOR, type OnlineRow, type OnlineStore } from "@/lib/online/online-store";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { sha256 } from "@/lib/registry/record-event";
import {
  findWrittenValues,
  isMaterialised,
  recordEmptyMaterialisation,
  recordMaterialisation,
  type WrittenValues,
} from "@/lib/registry/serving/materialisations";

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
  const values = await findWrittenValues(setIdOf(runId, viewId), runId, viewId);
  if (!values) return null;
  const { setId, base, columns, view } = values;
  const types = columns.map(({ type }) => type);
  const { rows, longKeys } = await store.writeSet(setId, types, readOnlineRows(engine, values, now), base);
  if (rows === 0) {
    // By another worker, which took the job over while this one was stopped.
    if (await isMaterialised(setId)) return null;
    await store.dropSet(setId);
    await recordEmptyMaterialisation(values);
    return null;
  }
  await recordMaterialisation(values, rows, longKeys.length > 0 ? describeLongKeys(view.name, longKeys) : null);
  return rows;
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
  { columns: written, entity: { joinKeys, eventTime }, files }: WrittenValues,
  now: Date,
): AsyncIterable<OnlineRow[]> {
  const columns = written.map(({ column }) => column);
  const keys = joinKeys.map((key) => key.name);
  for (const file of files) {
    const batches = engine.readRows(path.resolve(environment().TRIBUTARY_DATA, file), {
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
