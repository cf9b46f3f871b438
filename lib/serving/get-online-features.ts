import type { Environment } from "@/lib/domain/environments";
import { EPOCH } from "@/lib/online/encode-value";
import { type EncodedRow, entityKey, type OnlineStore } from "@/lib/online/online-store";
import type { OnlineFeaturesRequest } from "@/lib/contracts/serving";
import type { ServedView, ServingState } from "@/lib/registry/serving-state";
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
  const features = resolveFeatures(state, request, options.environment);
  const rows = rowCount(request);
  const keys = new Map(
    [...new Set(features.map((feature) => feature.view))].map((view) => [view, keysOf(view, request)]),
  );
  const read = await readSets(store, features, keys);

  const names = [...Object.keys(request.entities), ...features.map((feature) => feature.name)];
  const ones = (text: string) => Array.from({ length: rows }, () => text).join(",");
  const present = ones('"PRESENT"');
  const epoch = ones(`"${EPOCH}"`);
  const columns = Object.values(request.entities).map((values) =>
    column(values.map(encodeKey).join(","), present, epoch),
  );
  for (const feature of features) columns.push(featureColumn(feature, rows, read, options));
  return {
    body: `{"metadata":{"feature_names":${JSON.stringify(names)}},"results":[${columns.join(",")}]}`,
    reasons: features.flatMap((feature) => feature.reason ?? []),
  };
}

const column = (values: string, statuses: string, times: string) =>
  `{"values":[${values}],"statuses":[${statuses}],"event_timestamps":[${times}]}`;

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
  return Array.from({ length: lists[0]?.length ?? 0 }, (_, row) => entityKey(lists.map((values) => values[row])));
}

/** Every set is read once, however many of its columns are asked for. */
async function readSets(
  store: OnlineStore,
  features: ResolvedFeature[],
  keys: Map<ServedView, string[]>,
): Promise<Map<string, (EncodedRow | undefined)[]>> {
  const read = new Map<string, (EncodedRow | undefined)[]>();
  for (const { stored, view } of features)
    if (stored && !read.has(stored.setId))
      read.set(stored.setId, await store.readRows(stored.setId, keys.get(view) ?? []));
  return read;
}

function featureColumn(
  { view, stored }: ResolvedFeature,
  rows: number,
  read: Map<string, (EncodedRow | undefined)[]>,
  { now, ignoreMaxAge }: OnlineOptions,
): string {
  const found = stored ? (read.get(stored.setId) ?? []) : [];
  const oldest = view.ttlSeconds > 0 && !ignoreMaxAge ? now.getTime() - view.ttlSeconds * 1000 : -Infinity;
  const values: string[] = [];
  const statuses: string[] = [];
  const times: string[] = [];
  for (let row = 0; row < rows; row++) {
    const encoded = found[row];
    if (!encoded || !stored) {
      values.push("null");
      statuses.push('"NOT_FOUND"');
      times.push(`"${EPOCH}"`);
      continue;
    }
    // A value that is always true carries the epoch and never grows old.
    const fresh = encoded.eventTime === EPOCH || Date.parse(encoded.eventTime) >= oldest;
    values.push(fresh ? (encoded.values[stored.position] ?? "null") : "null");
    statuses.push(fresh ? '"PRESENT"' : '"OUTSIDE_MAX_AGE"');
    times.push(`"${encoded.eventTime}"`);
  }
  return column(values.join(","), statuses.join(","), times.join(","));
}
