import type { OnlineFeaturesRequest } from "@/lib/contracts/serving";
import type { Environment } from "@/lib/domain/environments";
import { EPOCH } from "@/lib/online/encode-value";
import { type EncodedRow, entityKey, type OnlineStore } from "@/lib/online/online-store";
import type { ServedView, ServingState } from "@/lib/registry/serving/state";
import { type ResolvedFeature, resolveFeatures } from "./resolve-features";
import { malformed } from "./wire-error";

export interface OnlineOptions {
  environment: Environment;
  /** Serve values older than the view's TTL, as Feast does. */
  ignoreMaxAge: boolean;
  now: Date;
}

export interface OnlineAnswer {
  /** JSON text. */
  body: string;
  /** Why columns have no values, one sentence each, for the log. */
  reasons: string[];
}

/**
 * Answers a request from one serving state: results[i] is name i, values[j] is entity row j; join keys first, then the features in
 * the order of the request. The body is put together from values that were encoded when they were written.
 */
export async function getOnlineFeatures(
  state: ServingState,
  store: OnlineStore,
  request: OnlineFeaturesRequest,
  options: OnlineOptions,
): Promise<OnlineAnswer> {
  const { features, reasons } = compile(state, request, options.environment);
  const rows = rowCount(request);
  const sets = await readSets(store, features, request, options);
  const columns = Object.values(request.entities).map((values) =>
    column(values.map(encodeKey).join(","), repeated('"PRESENT"', rows), repeated(`"${EPOCH}"`, rows)),
  );
  for (const { stored } of features) {
    const set = stored && sets.get(stored.setId);
    columns.push(set ? column(valuesOf(set, stored.position), set.statuses, set.times) : nothing(rows));
  }
  const names = Object.keys(request.entities).concat(features.map((feature) => feature.name));
  return { body: `{"metadata":{"feature_names":${JSON.stringify(names)}},"results":[${columns.join(",")}]}`, reasons };
}

interface Compiled {
  features: ResolvedFeature[];
  reasons: string[];
}

/** What a request's names mean depends on nothing but the state, which never changes: it is worked out once. */
const compiledByState = new WeakMap<ServingState, Map<string, Compiled>>();
/** Requests come from programs that ask for the same features again and again; more forms than these are somebody probing. */
const MOST_COMPILED = 1000;

function compile(state: ServingState, request: OnlineFeaturesRequest, environment: Environment): Compiled {
  const key = `${environment}\n${request.full_feature_names === true}\n${request.feature_service ?? `\n${request.features?.join("\n")}`}`;
  let known = compiledByState.get(state);
  if (!known) compiledByState.set(state, (known = new Map()));
  let compiled = known.get(key);
  if (!compiled) {
    const features = resolveFeatures(state, request, environment);
    compiled = { features, reasons: features.flatMap((feature) => feature.reason ?? []) };
    if (known.size < MOST_COMPILED) known.set(key, compiled);
  }
  return compiled;
}

const column = (values: string, statuses: string, times: string) =>
  `{"values":[${values}],"statuses":[${statuses}],"event_timestamps":[${times}]}`;

const repeated = (text: string, rows: number) => (rows === 0 ? "" : `${text},`.repeat(rows - 1) + text);

const nothing = (rows: number) =>
  column(repeated("null", rows), repeated('"NOT_FOUND"', rows), repeated(`"${EPOCH}"`, rows));

function encodeKey(value: string | number | bigint | boolean | null): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

function rowCount(request: OnlineFeaturesRequest): number {
  const lists = Object.entries(request.entities);
  const rows = lists[0]?.[1].length ?? 0;
  const other = lists.find(([, values]) => values.length !== rows);
  if (other)
    throw malformed([
      {
        type: "value_error",
        loc: ["body", "entities", other[0]],
        msg: `All entity lists must have the same length: ${lists[0]?.[0]} has ${rows}, ${other[0]} has ${other[1].length}`,
      },
    ]);
  return rows;
}

function keysOf(view: ServedView, request: OnlineFeaturesRequest): string[] {
  const lists = view.joinKeys.map((name) => {
    const values = request.entities[name];
    if (!values)
      throw malformed([
        {
          type: "missing",
          loc: ["body", "entities", name],
          msg: `Field required: feature view ${view.name} is joined by ${view.joinKeys.join(", ")}`,
          input: request.entities,
        },
      ]);
    return values;
  });
  return (lists[0] ?? []).map((_, row) =>
    entityKey(
      lists.map((values) => values[row]),
      view.keyTypes,
    ),
  );
}

/** The rows of one set that a request reads. Whether a row is there and fresh is the same for all of its columns. */
interface SetRows {
  /** Undefined where the value is not to be shown: no such row, or too old. */
  rows: (EncodedRow | undefined)[];
  statuses: string;
  times: string;
}

/** Reads every set once, however many of its columns are asked for. A view whose features have no values still checks its keys. */
async function readSets(
  store: OnlineStore,
  features: ResolvedFeature[],
  request: OnlineFeaturesRequest,
  { now, ignoreMaxAge }: OnlineOptions,
): Promise<Map<string, SetRows>> {
  const keys = new Map<ServedView, string[]>();
  const sets = new Map<string, SetRows>();
  for (const { view, stored } of features) {
    if (!keys.has(view)) keys.set(view, keysOf(view, request));
    if (!stored || sets.has(stored.setId)) continue;
    const oldest = view.ttlSeconds > 0 && !ignoreMaxAge ? now.getTime() - view.ttlSeconds * 1000 : -Infinity;
    sets.set(stored.setId, judge(await store.readRows(stored.setId, keys.get(view) ?? []), oldest));
  }
  return sets;
}

function judge(read: (EncodedRow | undefined)[], oldest: number): SetRows {
  const statuses: string[] = [];
  const times: string[] = [];
  const rows = read.map((row) => {
    // A value that is always true carries the epoch and never grows old.
    const fresh =
      row !== undefined && (oldest === -Infinity || row.eventTime === EPOCH || Date.parse(row.eventTime) >= oldest);
    statuses.push(row === undefined ? '"NOT_FOUND"' : fresh ? '"PRESENT"' : '"OUTSIDE_MAX_AGE"');
    times.push(`"${row?.eventTime ?? EPOCH}"`);
    return fresh ? row : undefined;
  });
  return { rows, statuses: statuses.join(","), times: times.join(",") };
}

/** Concatenation beats joining here: a column is some hundred short pieces that are written out once. */
function valuesOf({ rows }: SetRows, position: number): string {
  let text = "";
  for (let row = 0; row < rows.length; row++) text += (row === 0 ? "" : ",") + (rows[row]?.values[position] ?? "null");
  return text;
}
