import { DomainError } from "@/lib/domain/errors";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { Environment } from "@/lib/domain/environments";
import type { HistoryView } from "@/lib/domain/joins/feature-history";
import { assertCan } from "@/lib/domain/permissions";
import type { HistoricalFeaturesRequest } from "@/lib/contracts/serving";
import { isWithheld } from "@/lib/registry/access/personal-values";
import type { Scope } from "@/lib/registry/scope";
import { entitiesOfViews, findOfflineValues, type OfflineValues } from "@/lib/registry/serving/offline-values";
import type { ServingState } from "@/lib/registry/serving/state";
import { type ResolvedFeature, resolveFeatures, viewsWith } from "./resolve-features";
import { feastError, malformed, refused } from "./wire-error";

/** A join key that the features need, and the column of the spine that has it. */
export interface SpineKey {
  entity: string;
  key: string;
  type: ColumnType;
  column: string;
}

export interface PlannedHistory {
  views: HistoryView[];
  /** Names in the answer, in the order of the request. */
  features: string[];
  /** In the order that the views' keys count by. */
  keys: SpineKey[];
}

export type FoundFeature = ResolvedFeature & Omit<OfflineValues, "feature" | "version"> & { version: number };

/** Which features are asked for, and how the spine calls their keys. */
export type FeaturesRequest = Pick<
  HistoricalFeaturesRequest,
  "features" | "feature_service" | "full_feature_names" | "knowledge" | "keys"
>;

export interface FoundHistory {
  /** In the order of the request. */
  found: FoundFeature[];
  /** By view. */
  entities: Map<string, EntityDefinition>;
  keys: SpineKey[];
}

/**
 * What a request's features are, and where their values lie. Features that do not exist, were never promoted, were never computed or
 * may not be seen by the caller are refused by name: none of them becomes a column of nulls.
 * @param asOf only what had been written by then
 */
export async function findHistory(
  scope: Scope,
  state: ServingState,
  request: FeaturesRequest,
  environment: Environment,
  asOf?: Date,
): Promise<FoundHistory> {
  const resolved = resolveAll(scope, state, request, environment);
  const values = await findOfflineValues(
    state.workspaceId,
    resolved.map(({ feature, version, environment: wanted }) => ({ feature: feature.column, version: version ?? 0, environment: wanted })), // prettier-ignore
    request.knowledge,
    asOf,
  );
  const found = resolved.map((feature, at): FoundFeature => ({ ...(values[at] as OfflineValues), ...feature, version: feature.version ?? 0 })); // prettier-ignore
  assertSeen(scope, found);
  assertComputed(found, asOf);
  const entities = await entitiesOfViews(state.workspaceId, [...new Set(found.map(({ view }) => view.name))]);
  const keys = keysOf(
    new Map([...entities.values()].map((entity) => [entity.name, entity.joinKeys] as const)),
    new Map(Object.entries(request.keys ?? {})),
  );
  return { found, entities, keys };
}

/** How the request's features are joined. Throws as `findHistory` does. */
export async function planHistory(
  scope: Scope,
  state: ServingState,
  request: HistoricalFeaturesRequest,
  environment: Environment,
): Promise<PlannedHistory> {
  const { found, entities, keys } = await findHistory(scope, state, request, environment);
  const views = groupTogether(found).map((together): HistoryView => {
    const [first] = together as [FoundFeature, ...FoundFeature[]];
    const entity = entities.get(first.view.name);
    if (!entity) throw new Error(`View ${first.view.name} has no entity.`);
    return {
      keys: entity.joinKeys.map(({ name, type }) => ({
        name,
        type,
        spine: keys.findIndex((one) => one.entity === entity.name && one.key === name),
      })),
      eventTime: entity.eventTime ?? null,
      files: first.files.map(({ path, created, isUnique }, file) => ({
        path,
        created,
        isUnique: isUnique && together.every(({ files }) => files[file]?.isUnique === true),
        columns: together.map(({ files }) => files[file]?.column ?? ""),
      })),
      columns: together.map(({ name, feature }) => ({ name, type: feature.type })),
      rule: {
        ttl: first.view.ttlSeconds > 0 ? BigInt(first.view.ttlSeconds) * 1_000_000n : null,
        delay: 0n,
        boundary: "inclusive",
        knowledge: request.knowledge,
      },
    };
  });
  return { views, features: found.map(({ name }) => name), keys };
}

function resolveAll(
  { actor }: Scope,
  state: ServingState,
  request: FeaturesRequest,
  environment: Environment,
): ResolvedFeature[] {
  if (!request.feature_service && (request.features ?? []).length === 0)
    throw malformed([{ type: "missing", loc: ["body", "features"], msg: "Name features, or a feature_service" }]);
  const features = request.features?.map((reference, at) => inItsView(state, reference, at));
  const resolved = resolveFeatures(state, { ...request, features }, environment);
  const names = resolved.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) < at);
  if (twice.length > 0)
    throw feastError(400, "FeatureNameCollisionError", `Duplicate features named ${[...new Set(twice)].join(", ")} found. Ask for each once.`); // prettier-ignore
  const unpromoted = resolved.filter(({ version }) => version === null);
  if (unpromoted.length > 0)
    throw refused(
      404,
      `${unpromoted.map(({ reason }) => reason).join("; ")}. Promote a version, or name one as in ${unpromoted[0]?.view.name}@v1:${unpromoted[0]?.feature.column.split(".")[1]}.`,
    );
  for (const wanted of new Set(resolved.map((feature) => feature.environment))) {
    try {
      assertCan(actor, "features:serve", wanted);
    } catch (error) {
      throw error instanceof DomainError ? refused(403, error.message) : error;
    }
  }
  return resolved;
}

/** A feature without its view, as `view:feature`. */
function inItsView({ views, workspace }: ServingState, reference: string, at: number): string {
  if (reference.includes(":")) return reference;
  const having = viewsWith(views, reference);
  const [view] = having;
  if (view === undefined)
    throw feastError(404, "FeatureDoesNotExistException", `Feature ${reference} is in no feature view of project ${workspace}. Add it to one, which says how old its values may be`); // prettier-ignore
  if (having.length > 1)
    throw malformed([
      {
        type: "value_error",
        loc: ["body", "features", at],
        msg: `${reference} is in the views ${having.join(", ")}: say which, as in ${view}:${reference.slice(reference.indexOf(".") + 1)}`,
        input: reference,
      },
    ]);
  return `${view}:${reference}`;
}

function assertSeen(scope: Scope, found: readonly FoundFeature[]): void {
  const withheld = found.filter(({ sensitivity }) => isWithheld(scope, sensitivity));
  if (withheld.length > 0)
    throw refused(
      403,
      `The values of ${withheld.map(({ feature }) => feature.column).join(", ")} are about persons and are given to those with \`personal:read\` only: stewards and administrators.`,
    );
}

function assertComputed(found: readonly FoundFeature[], asOf: Date | undefined): void {
  const missing = found.filter(({ files }) => files.length === 0);
  if (missing.length === 0) return;
  const names = missing.map(({ feature, version, isQuarantined }) => `${feature.column} v${version}${isQuarantined ? " (all of its values are in quarantine)" : ""}`); // prettier-ignore
  throw refused(
    404,
    asOf === undefined
      ? `No run has written values of ${names.join(", ")} that can be read. Run a pipeline that has ${missing.length === 1 ? "it" : "them"} as output, or the view's own run.`
      : `No run had written values of ${names.join(", ")} that can be read by ${asOf.toISOString()}. Run a pipeline that has ${missing.length === 1 ? "it" : "them"} as output and take a later as-of time.`,
  );
}

/** Features whose values lie in the same files of the same view are joined once. */
function groupTogether(found: readonly FoundFeature[]): FoundFeature[][] {
  const groups = new Map<string, FoundFeature[]>();
  for (const one of found) {
    const key = JSON.stringify([one.view.name, one.files.map((file) => file.path)]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** The join keys of entities, each with its column of the spine. Two entities' keys of one name are one column only where that is said. */
function keysOf(
  entities: ReadonlyMap<string, readonly { name: string; type: ColumnType }[]>,
  named: ReadonlyMap<string, string>,
): SpineKey[] {
  const all = [...entities].flatMap(([entity, keys]) => keys.map(({ name, type }) => ({ entity, key: name, type })));
  const isKnown = (name: string) => all.some(({ entity, key }) => name === key || name === `${entity}.${key}`);
  const unknown = [...named.keys()].filter((name) => !isKnown(name));
  if (unknown.length > 0)
    throw malformed(
      unknown.map((name) => ({
        type: "value_error",
        loc: ["body", "keys", name],
        msg: `${name} is no join key of these features: they have ${all.map(({ entity, key }) => `${entity}.${key}`).join(", ")}`,
      })),
    );
  return all.map(({ entity, key, type }) => {
    const own = named.get(`${entity}.${key}`) ?? named.get(key);
    const others = all.filter((one) => one.key === key && one.entity !== entity).map((one) => one.entity);
    if (own === undefined && others.length > 0)
      throw malformed([
        {
          type: "value_error",
          loc: ["body", "keys"],
          msg: `${[entity, ...others].join(" and ")} are both joined by ${key}: say which column of the spine is whose, as in {"${entity}.${key}": "${key}"}`,
        },
      ]);
    return { entity, key, type, column: own ?? key };
  });
}
