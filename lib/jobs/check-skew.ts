import path from "node:path";
import { environment as settings } from "@/lib/config/environment";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { DomainError } from "@/lib/domain/errors";
import { isLater } from "@/lib/domain/instant";
import { type ComparedColumn, countSkew, type SkewExample } from "@/lib/domain/skew/count-skew";
import type { Engine } from "@/lib/engines/engine";
import { encodeValue } from "@/lib/online/encode-value";
import { type EncodedRow, entityKey, type OnlineStore } from "@/lib/online/online-store";
import { recordSkewCheck } from "@/lib/registry/drift/skew-checks";
import { findOnlineView, type ServedColumn, servedColumns } from "@/lib/registry/drift/skew-columns";
import type { Jobs } from "@/lib/registry/execution/work-queue";

const SAMPLED_KEYS = 1000;

/**
 * Reads sampled keys of a view on both sides and counts, by feature, what matches. Online is what a service would be answered now,
 * whatever its age; offline is the newest row per key, not after now, of the file that the served version was written to last, and
 * where that holds a window only, of those before it too. Keys are drawn from both, so that what only one side has is found; the check's time is their seed.
 * @returns how many keys were compared, or null for a view that is not served online
 */
export async function checkSkew(
  { viewId, environment, requestedBy }: Jobs["check-skew"],
  engine: Engine,
  store: OnlineStore,
  now = new Date(),
): Promise<number | null> {
  const online = await findOnlineView(viewId);
  if (!online) return null;
  const { view, entity } = online;
  const served = await servedColumns(view, environment);
  const files = await readFiles(served, entity, engine, now);
  const keys = sampleOf([...files.values()]);
  const sets = new Map<string, (EncodedRow | undefined)[]>();
  for (const setId of new Set(served.flatMap(({ online }) => online?.setId ?? [])))
    sets.set(setId, await store.readRows(setId, [...keys.keys()]));
  const shown = [...keys.values()];
  const features = served.map((column) => countSkew(shown, compare(column, [...keys.keys()], files, sets)));
  await recordSkewCheck(view, { environment, sampled: keys.size, features, at: now, createdBy: requestedBy });
  return keys.size;
}

/** Sampled rows of a dataset's files by key, in the order in which keys are drawn; or why they cannot be read. */
type SampledFile =
  | Map<
      string,
      { order: string; key: SkewExample["key"]; /** Event time, ISO. */ at: string; row: Record<string, unknown> }
    >
  | DomainError;

async function readFiles(
  served: readonly ServedColumn[],
  entity: EntityDefinition,
  engine: Engine,
  now: Date,
): Promise<Map<string, SampledFile>> {
  const wanted = new Map<string, { paths: string[]; columns: Set<string> }>();
  const add = ({ datasetVersionId, paths }: { datasetVersionId: string; paths: string[] }, column?: string) => {
    const file = wanted.get(datasetVersionId) ?? { paths, columns: new Set<string>() };
    if (column !== undefined) file.columns.add(column);
    wanted.set(datasetVersionId, file);
  };
  for (const { online, offline } of served) {
    if (online) add(online);
    for (const file of offline) add(file, file.column);
  }
  const read = new Map<string, SampledFile>();
  for (const [id, { paths, columns }] of wanted)
    read.set(
      id,
      await readSample(engine, entity, paths, [...columns], now).catch((error: unknown) => {
        if (error instanceof DomainError) return error;
        throw error;
      }),
    );
  return read;
}

async function readSample(
  engine: Engine,
  { joinKeys, eventTime }: EntityDefinition,
  paths: string[],
  values: string[],
  now: Date,
): Promise<Exclude<SampledFile, DomainError>> {
  const keys = joinKeys.map(({ name }) => name);
  const columns = [...new Set([...values, ...(eventTime ? [eventTime] : [])])];
  const sample: Exclude<SampledFile, DomainError> = new Map();
  for (const file of paths)
    for await (const rows of engine.readRows(path.resolve(settings().TRIBUTARY_DATA, file), {
      columns,
      keys,
      present: true,
      ...(eventTime && { latestBy: eventTime, asOf: now.toISOString() }),
      sample: { rows: SAMPLED_KEYS, seed: now.toISOString() },
    }))
      for (const row of rows) {
        const key = Object.fromEntries(keys.map((name) => [name, toShown(row[name])]));
        const at = eventTime ? String(row[eventTime]) : "";
        sample.set(entityKey(keys.map((name) => row[name])), { order: String(row.$order), key, at, row });
      }
  return sample;
}

function toShown(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

/** The first keys of all files together. A file that holds one of them has it in its sample, since each file's sample are its first. */
function sampleOf(files: readonly SampledFile[]): Map<string, SkewExample["key"]> {
  const all = new Map<string, { order: string; key: SkewExample["key"] }>();
  for (const file of files) if (!(file instanceof DomainError)) for (const [key, found] of file) all.set(key, found);
  const first = [...all].sort(([, one], [, other]) => (one.order < other.order ? -1 : 1)).slice(0, SAMPLED_KEYS);
  return new Map(first.map(([key, found]) => [key, found.key]));
}

/** The newest row of a key in files that are listed by when they were written: of equal times the one that was written last. */
function newestOf(files: readonly { file: SampledFile | undefined; name: string }[], key: string) {
  let newest: { at: string; value: unknown } | null = null;
  for (const { file, name } of files) {
    const found = file instanceof DomainError ? undefined : file?.get(key);
    if (found && (newest === null || isLater(found.at, newest.at))) newest = { at: found.at, value: found.row[name] };
  }
  return newest;
}

function compare(
  { online, offline, ...column }: ServedColumn,
  keys: readonly string[],
  files: ReadonlyMap<string, SampledFile>,
  sets: ReadonlyMap<string, (EncodedRow | undefined)[]>,
): ComparedColumn {
  const read = offline.map(({ datasetVersionId, column: name }) => ({ file: files.get(datasetVersionId), name }));
  const broken = read.find(({ file }) => file instanceof DomainError)?.file;
  if (broken instanceof DomainError) return { ...column, reason: broken.message, values: null };
  if (read.length === 0) return { ...column, values: null };
  const rows = online && sets.get(online.setId);
  return {
    ...column,
    values: {
      online: keys.map((_, at) => (online && rows?.[at]?.values[online.position]) ?? null),
      offline: keys.map((key) => {
        const found = newestOf(read, key);
        return found ? encodeValue(found.value, column.type as ColumnType) : null;
      }),
    },
  };
}
