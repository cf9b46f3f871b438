/** From what a training dataset is asked for to the versions of everything that it is made from. */
import type { TrainingDraft } from "@/lib/contracts/training-datasets";
import { environment as settings } from "@/lib/config/environment";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { partNames, splitColumnOf } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { SourceSpine } from "@/lib/domain/joins/feature-history";
import { nearest } from "@/lib/domain/names/nearest-name";
import type { Principal } from "@/lib/domain/principal";
import {
  PART_COLUMN,
  type RecipeEntity,
  type RecipeFeature,
  TRAINING_ROLES,
  type TrainingRecipe,
} from "@/lib/domain/training-datasets/training-recipe";
import type { Scope } from "@/lib/registry/scope";
import { currentSplitPolicy, definitionVersionOf, spineVersion } from "@/lib/registry/training-datasets/resolve";
import { assertNamesDiffer } from "./assert-names-differ";
import { findHistory, type FoundFeature, type FoundHistory } from "./history-views";
import { historyStates } from "./serving-states";
import { findSourceSpine } from "./source-spine";
import { toDomainError } from "./wire-error";

/**
 * The recipe of what is asked for, with the versions that there are now. Throws `not_found` and `invalid` for names that nobody has, for
 * columns that do not fit and for data that had not been written by then, and `forbidden` for values that the caller may not see.
 */
export async function resolveRecipe(principal: Principal, scope: Scope, draft: TrainingDraft): Promise<TrainingRecipe> {
  try {
    return await resolve(principal, scope, draft);
  } catch (error) {
    throw toDomainError(
      error,
      ([first, second, ...rest]) =>
      first === "source" ? ["spine", ...(second === "name" ? ["source"] : [second ?? ""]), ...rest] : [first ?? "", ...(second === undefined ? [] : [second]), ...rest], // prettier-ignore
    );
  }
}

async function resolve(principal: Principal, scope: Scope, draft: TrainingDraft): Promise<TrainingRecipe> {
  const { workspace } = scope;
  if (draft.asOf !== undefined && Date.parse(draft.asOf) > Date.now())
    throw invalid(["asOf"], `The as-of time ${draft.asOf} has not come yet: what will have been written by then is not known. Leave it out for now.`); // prettier-ignore
  const state = (await historyStates.current()).get(workspace.name);
  if (!state) throw new DomainError("not_found", `Workspace ${workspace.name} has no feature views yet: declare one.`);
  const asked = draft.asOf === undefined ? undefined : new Date(draft.asOf);
  const history = await findHistory(scope, state, draft, draft.environment ?? principal.environment ?? "production", asked); // prettier-ignore
  const found = await spineVersion(workspace, draft.spine, asked);
  const keep = draft.spine.keep && [...new Set([...draft.spine.keep, ...(draft.label ? [draft.label] : [])])];
  const { version } = found;
  const source = { name: draft.spine.source, version, ...(keep && { keep }) };
  const spine = await findSourceSpine(principal, workspace.name, { source, time: draft.time }, history.keys);
  const most = settings().TRIBUTARY_HISTORICAL_ROWS;
  if (spine.snapshot.rows > most)
    throw invalid(["spine", "source"], `The spine has ${spine.snapshot.rows.toLocaleString("en")} rows, and a training dataset has at most ${most.toLocaleString("en")} (TRIBUTARY_HISTORICAL_ROWS).`); // prettier-ignore
  const columns = withMoment(spine);
  if (draft.label && !columns.some(({ name }) => name === draft.label))
    throw unknownColumn(["label"], draft.label, spine, "a label");
  const policy = draft.split ? await currentSplitPolicy(workspace, draft.split.policy) : null;
  const splitColumn = policy && columnOfSplit(policy.definition, spine);
  assertNamesDiffer(
    [...columns.map(({ name }) => name), ...(policy ? [PART_COLUMN] : [])],
    history.found.map(({ name }) => name),
    "parquet",
  );
  for (const name of draft.unit ?? [])
    if (!spine.source.columns.some((column) => column.name === name))
      throw unknownColumn(["unit"], name, spine, "a part of the unit");
  const unit = draft.unit ?? [...spine.source.rowKey, ...(splitColumn ? [splitColumn] : [])];
  return {
    spine: {
      source: draft.spine.source,
      version,
      digest: found.digest,
      definition: found.definition,
      columns: columns.map(({ name, type }) => ({ name, type })),
      time: spine.time,
    },
    keys: history.keys.map(({ entity, key, type, column }) => ({ entity, key, type, column })),
    entities: entitiesOf(history),
    features: history.found.map(toRecipeFeature),
    service: draft.feature_service
      ? { name: draft.feature_service, version: await definitionVersionOf(workspace, "FeatureService", draft.feature_service) } // prettier-ignore
      : null,
    label: draft.label ?? null,
    split: policy && draft.split ? { policy: policy.definition.name, version: policy.version, parts: partsOf(policy.definition, draft.split) } : null, // prettier-ignore
    unit: [...new Set(unit)],
    asOf: (asked ?? new Date()).toISOString(),
    knowledge: draft.knowledge,
    boundary: draft.boundary,
  };
}

function withMoment({ columns, time, source }: SourceSpine): SourceSpine["columns"] {
  const moment = source.columns.find(({ name }) => name === time);
  if (!moment || columns.some(({ name }) => name === time)) return columns;
  return [...columns, { name: time, type: moment.type }];
}

function toRecipeFeature({ name, feature, version, view, files }: FoundFeature): RecipeFeature {
  const values = new Map(
    files.map(({ of, column }) => [`${of.dataset}@${of.version} ${column}`, { ...of, column }] as const),
  );
  return {
    name,
    feature: feature.column,
    version,
    type: feature.type,
    view: view.name,
    ttlSeconds: view.ttlSeconds,
    values: [...values.values()],
  };
}

function entitiesOf({ entities, found }: FoundHistory): RecipeEntity[] {
  const needed = new Set(found.map(({ view }) => view.name));
  const all = [...entities].flatMap(([view, entity]) => (needed.has(view) ? [entity] : []));
  return [...new Map(all.map((entity) => [entity.name, entity])).values()].map(({ name, joinKeys, eventTime }) => ({
    name,
    keys: joinKeys.map((key) => ({ name: key.name, type: key.type })),
    eventTime: eventTime ?? null,
  }));
}

/** The column of the spine that says where a row belongs. */
function columnOfSplit(policy: SplitPolicyDefinition, spine: SourceSpine): string {
  const column = splitColumnOf(policy);
  if (column === null)
    throw invalid(["split", "policy"], `Split policy ${policy.name} draws rows of a source by a seed, and a training dataset reads the part of a row from the row itself. Choose a policy that goes by time or by the hash of a column.`); // prettier-ignore
  const found = spine.source.columns.find(({ name }) => name === column);
  if (!found) throw unknownColumn(["split", "policy"], column, spine, `split policy ${policy.name}, which goes by it`);
  if (policy.type === "time" && !["timestamp", "date"].includes(found.type))
    throw invalid(["split", "policy"], `Split policy ${policy.name} goes by the time ${column}, which is a ${found.type} in source ${spine.source.name}.`); // prettier-ignore
  return column;
}

type AskedSplit = NonNullable<TrainingDraft["split"]>;

function partsOf(policy: SplitPolicyDefinition, asked: AskedSplit) {
  const { name } = policy;
  const known = partNames(policy);
  const chosen = Object.fromEntries(
    TRAINING_ROLES.map((role) => [role, asked[role] ?? (known.includes(role) ? [role] : [])]),
  ) as Record<(typeof TRAINING_ROLES)[number], string[]>;
  for (const role of TRAINING_ROLES) {
    const unknown = chosen[role].find((part) => !known.includes(part));
    if (unknown !== undefined)
      throw invalid(["split", role], `Split policy ${name} has no part ${unknown}: it has ${known.join(", ")}.`);
    const other = TRAINING_ROLES.find((one) => one !== role && chosen[one].some((part) => chosen[role].includes(part)));
    if (other) throw invalid(["split", role], `A part of ${name} is for ${role} and for ${other}: a row is for one of them.`); // prettier-ignore
  }
  if (TRAINING_ROLES.every((role) => chosen[role].length === 0))
    throw invalid(["split"], `Split policy ${name} has the parts ${known.join(", ")}, none of which is called train, validation or test: say which are for what.`); // prettier-ignore
  return chosen;
}

function unknownColumn(path: string[], column: string, { source }: SourceSpine, why: string): DomainError {
  const known = source.columns.map(({ name }) => name);
  const meant = nearest(column, known);
  return invalid(
    path,
    `Source ${source.name} has no column ${column} (needed for ${why}). ${meant ? `Did you mean ${meant}? ` : ""}It has ${known.join(", ")}.`,
  );
}

function invalid(path: string[], message: string): DomainError {
  return new DomainError("invalid", message, { issues: [{ path, message }] });
}
