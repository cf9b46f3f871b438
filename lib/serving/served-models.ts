/** Model versions as this process scores with them, prepared once for each form of request. */
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { Environment } from "@/lib/domain/environments";
import { DomainError } from "@/lib/domain/errors";
import type { Instance } from "@/lib/domain/plans/instances";
import { type ChainColumn, type ScoringChain, scoringChain } from "@/lib/domain/plans/scoring-chain";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { ScoringPlan } from "@/lib/domain/runs/scoring-plan";
import type { EngineInstance } from "@/lib/domain/runs/variant-plan";
import { digestOf } from "@/lib/registry/record-event";
import { loadServedModel, type ServedModel } from "@/lib/registry/serving/served-model";
import type { ServingState } from "@/lib/registry/serving/state";
import { byColumn, type KeptColumn, keptColumns, keysTo } from "./kept-columns";

const modelsByState = new WeakMap<ServingState, Map<string, Promise<ServedModel>>>();

/** A version of the state's workspace. What is loaded holds as long as the state does. */
export function servedModel(state: ServingState, versionId: string): Promise<ServedModel> {
  let known = modelsByState.get(state);
  if (!known) modelsByState.set(state, (known = new Map()));
  let model = known.get(versionId);
  if (!model) {
    known.set(versionId, (model = loadServedModel(state.workspaceId, versionId)));
    const all = known;
    model.catch(() => all.delete(versionId));
  }
  return model;
}

/** How requests that give the same columns are answered. */
export interface PreparedScoring {
  chain: ScoringChain;
  plan: ScoringPlan;
  /** Equal keys are equal plans. */
  key: string;
  kept: ReadonlyMap<string, KeptColumn>;
  /** Columns that relations of the chain go by. */
  relationColumns: Set<string>;
  warnings: string[];
}

const prepared = new WeakMap<ServedModel, Map<string, PreparedScoring>>();
/** Callers give the same columns again and again; more forms than these are somebody probing. */
const MOST_PREPARED = 100;

/** @param readsOnline false where rows come with all of their columns */
export function prepareScoring(
  model: ServedModel,
  state: ServingState,
  environment: Environment,
  given: readonly string[],
  readsOnline: boolean,
): PreparedScoring {
  const form = JSON.stringify([environment, readsOnline, [...given].sort()]);
  let known = prepared.get(model);
  if (!known) prepared.set(model, (known = new Map()));
  let scoring = known.get(form);
  if (!scoring) {
    scoring = build(model, readsOnline ? keptColumns(state, environment) : new Map(), environment, new Set(given));
    if (known.size < MOST_PREPARED) known.set(form, scoring);
  }
  return scoring;
}

function build(
  model: ServedModel,
  kept: ReadonlyMap<string, KeptColumn>,
  environment: Environment,
  given: ReadonlySet<string>,
): PreparedScoring {
  const { entity, world, outputs } = model;
  const isFound = (column: ChainColumn): boolean =>
    kept.has(column.column) &&
    keysTo(column, entity).every(
      (name) => given.has(name) || (column.relation !== null && isOwnFound(kept, entity, name, given)),
    );
  const chain = scoringChain(world, entity, outputs, {
    ...model.rules,
    sourceOf: (column) => (given.has(column.name) ? "given" : isFound(column) ? "kept" : null),
  });
  const plan: ScoringPlan = {
    entity,
    given: chain.columns.map(({ name, column, relation, type }) => ({ name, column, relation: relation?.name ?? null, type })), // prettier-ignore
    instances: chain.instances.map((instance) => toEngineInstance(model, instance)),
    outputs: outputs.map((column) => ({ ...writerIn(model, chain, column), type: typeOf(model, column) })),
    ranges: rangesIn(model, chain),
  };
  const { instances, ...rest } = plan;
  const read = chain.columns.filter(({ from }) => from === "kept");
  return {
    chain,
    plan,
    // Fits and stages are the version's, for ever; what they are put together from may be declared anew.
    key: `${model.model} ${model.version} ${digestOf([[...model.fits].map(([key, { fingerprint }]) => [key, fingerprint]), instances.map(({ key, stage, inputs }) => [key, stage, inputs]), rest])}`,
    kept,
    relationColumns: new Set(chain.columns.flatMap(({ relation }) => relation?.by ?? [])),
    warnings: read.flatMap(({ column }) => {
      const trained = model.trainedOn.get(column);
      const served = kept.get(column)?.version;
      return trained === undefined || served === undefined || trained === served
        ? []
        : [
            `${column}: ${environment} serves v${served}, and version ${model.version} of ${model.model} was fitted on v${trained}. Promote v${trained}, or fit the model on v${served}.`,
          ];
    }),
  };
}

/** Whether a column of the entity itself can be read. */
function isOwnFound(
  kept: ReadonlyMap<string, KeptColumn>,
  entity: EntityDefinition,
  name: string,
  given: ReadonlySet<string>,
): boolean {
  return kept.has(byColumn(entity, name)) && entity.joinKeys.every((key) => given.has(key.name));
}

function toEngineInstance({ world, fits, model, version }: ServedModel, instance: Instance): EngineInstance {
  const { definition: stage } = stageOf(world, instance);
  const inputs = Object.fromEntries(
    Object.entries(instance.inputs).map(([column, from]) => [column, "source" in from ? null : from.instance]),
  );
  if (stage.estimator === undefined) return { key: instance.key, stage, inputs };
  const fit = fits.get(instance.key);
  if (!fit)
    throw new DomainError(
      "conflict",
      `Version ${version} of model ${model} has no fit of ${instance.stage}, so nothing can be scored with it. Fit it again.`,
      { model, version },
    );
  return { key: instance.key, stage, inputs, fit: { ...fit, split: null } };
}

function writerIn({ world }: ServedModel, { instances }: ScoringChain, column: string) {
  const writer = world.writers.get(column) ?? null;
  return { column, instance: instances.some(({ key }) => key === writer) ? writer : null };
}

function typeOf({ world }: ServedModel, column: string) {
  const instance = world.instances.get(world.writers.get(column) ?? "");
  const stage: StageDefinition | undefined = instance && stageOf(world, instance).definition;
  return stage?.outputs.find((output) => output.column === column)?.type ?? "double";
}

/** Where the chain meets a column whose range is known: given or read, by each relation, or computed. */
function rangesIn(model: ServedModel, chain: ScoringChain): ScoringPlan["ranges"] {
  return [...model.ranges].flatMap(([column, range]): ScoringPlan["ranges"] => {
    if (model.outputs.includes(column)) return [];
    const found = chain.columns.filter((one) => one.column === column);
    if (found.length > 0)
      return found.map(({ name, relation }) => ({ ...range, name, column, instance: null, relation: relation?.name ?? null })); // prettier-ignore
    const { instance } = writerIn(model, chain, column);
    return instance === null ? [] : [{ ...range, name: column, column, instance, relation: null }];
  });
}
