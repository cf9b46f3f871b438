import { ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import type { ServedFeature, ServedView, ServingState, StoredColumn } from "@/lib/registry/serving/state";
import { feastError } from "./wire-error";

/** One column of an answer, resolved against one serving state. */
export interface ResolvedFeature {
  /** Name in the answer. */
  name: string;
  view: ServedView;
  feature: ServedFeature;
  /** What the reference or the environment's pointer names; null where nothing was promoted. */
  version: number | null;
  /** Whose pointer and predictions are meant. */
  environment: Environment;
  /** Null when the environment's pointer names nothing, or a version without online values. */
  stored: StoredColumn | null;
  /** Why it is null, for the log. */
  reason: string | null;
}

export interface FeatureSelection {
  features?: string[] | undefined;
  feature_service?: string | null | undefined;
  full_feature_names?: boolean | undefined;
}

/** `view:feature`, `view@v2:feature` or `view@staging:feature`. */
const REFERENCE = /^([^:@]+)(?:@([^:]+))?:(.+)$/;

/** Resolves what a request names, in its order. Unknown services, views and features are Feast's own 404s. */
export function resolveFeatures(
  state: ServingState,
  selection: FeatureSelection,
  environment: Environment,
): ResolvedFeature[] {
  const resolved = referencesOf(state, selection).map((reference) => resolve(state, reference, environment, selection));
  const names = new Map<string, number>();
  for (const { name } of resolved) names.set(name, (names.get(name) ?? 0) + 1);
  const twice = resolved.filter((feature) => (names.get(feature.name) ?? 0) > 1);
  // The same feature asked for twice is answered twice; two views' features of one name cannot be told apart.
  if (
    new Set(twice.map((feature) => `${feature.view.name} ${feature.name}`)).size >
    new Set(twice.map((feature) => feature.name)).size
  )
    throw feastError(
      400,
      "FeatureNameCollisionError",
      `Duplicate features named ${[...new Set(twice.map((feature) => feature.name))].join(", ")} found. Ask with full_feature_names.`,
    );
  return resolved;
}

function referencesOf(state: ServingState, { feature_service, features }: FeatureSelection): string[] {
  if (!feature_service) return features ?? [];
  const service = state.services.get(feature_service);
  if (!service)
    throw feastError(
      404,
      "FeatureServiceNotFoundException",
      `Feature service ${feature_service} does not exist in project ${state.workspace}`,
    );
  return service;
}

function resolve(
  state: ServingState,
  reference: string,
  environment: Environment,
  selection: FeatureSelection,
): ResolvedFeature {
  const [, viewName, qualifier, given = ""] = REFERENCE.exec(reference) ?? [];
  const view = viewName === undefined ? undefined : state.views.get(viewName);
  if (!view)
    throw feastError(
      404,
      "FeatureViewNotFoundException",
      `Feature view ${viewName ?? reference} does not exist in project ${state.workspace}`,
    );
  // `airport.delay` of the catalogue and `delay` of the wire are one feature.
  const bare = view.features.has(given) ? given : given.slice(given.indexOf(".") + 1);
  const feature = view.features.get(bare);
  if (!feature)
    throw feastError(
      404,
      "FeatureDoesNotExistException",
      `Feature ${given} does not exist in feature view ${view.name}`,
    );
  const name = selection.full_feature_names ? `${view.name}__${bare}` : bare;
  const pinned = qualifier === undefined ? undefined : /^v?(\d+)$/.exec(qualifier)?.[1];
  if (qualifier !== undefined && pinned === undefined && !ENVIRONMENTS.includes(qualifier as Environment))
    throw feastError(
      404,
      "FeatureViewNotFoundException",
      `Feature view ${view.name}@${qualifier} does not exist in project ${state.workspace}: expected a version such as v2, or dev, staging or production`,
    );
  const wanted = pinned === undefined && qualifier !== undefined ? (qualifier as Environment) : environment;
  const version = pinned === undefined ? feature.pointers[wanted] : Number(pinned);
  const found = { name, view, feature, version: version ?? null, environment: wanted };
  if (version === undefined)
    return { ...found, stored: null, reason: `${feature.column} was never promoted to ${wanted}` };
  const stored = feature.stored.get(version)?.[wanted] ?? null;
  return {
    ...found,
    stored,
    reason: stored ? null : `${feature.column} v${version} has no values in the online store`,
  };
}

/** Names of the views that have a feature, which is called `feature` or `entity.feature`. */
export function viewsWith(views: ServingState["views"], name: string): string[] {
  if (name.includes(":")) return [];
  const bare = name.slice(name.indexOf(".") + 1);
  return [...views.values()]
    .filter(({ features }) => {
      const feature = features.get(bare);
      return feature !== undefined && (bare === name || feature.column === name);
    })
    .map((view) => view.name);
}
