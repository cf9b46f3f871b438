import type { ParameterSearch, SearchValues } from "../definitions/parameter-search";
import type { StageDefinition } from "../definitions/stage";
import { seededRandom } from "../statistics/seeded-random";

/** What one trial sets: stage → parameter → value. */
export type TrialParams = Record<string, Record<string, unknown>>;

/** A search of more trials than this is refused. */
export const MOST_TRIALS = 100;

const DEFAULT_SEED = 1;
/** Digits of a number that is drawn from a range, so that people can read and repeat it. */
const DIGITS = 6;

interface Axis {
  stage: string;
  param: string;
  values: SearchValues;
}

/** What is varied, by stage and parameter in the order of their names: a database does not keep the order of members. */
export function axesOf({ params }: Pick<ParameterSearch, "params">): Axis[] {
  const byName = (one: string, other: string) => (one < other ? -1 : 1);
  return Object.keys(params)
    .sort(byName)
    .flatMap((stage) =>
      Object.keys(params[stage] ?? {})
        .sort(byName)
        .map((param) => ({ stage, param, values: params[stage]?.[param] as SearchValues })),
    );
}

/** Combinations of all lists; null where a range has no end of values. */
export function combinationsOf(search: Pick<ParameterSearch, "params">): number | null {
  return axesOf(search).reduce<number | null>(
    (product, { values }) => (product !== null && Array.isArray(values) ? product * values.length : null),
    1,
  );
}

/** Trials that a search has; null for one of ranges without a number of trials, which is refused. */
export function trialCount(search: ParameterSearch): number | null {
  return search.trials ?? combinationsOf(search);
}

/**
 * What each trial sets. Without `trials` it is the grid, the last parameter by name varying first, as scikit-learn's ParameterGrid
 * has it. With `trials` it is a seeded draw: without repetition where all values are lists, else of each parameter by itself.
 * @param isInteger whether a parameter takes whole numbers only
 */
export function trialsOf(search: ParameterSearch, isInteger: (stage: string, param: string) => boolean): TrialParams[] {
  const axes = axesOf(search);
  const combinations = combinationsOf(search);
  const combination = (index: number): TrialParams => {
    let rest = index;
    const chosen = axes.toReversed().map((axis) => {
      const values = axis.values as unknown[];
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return { ...axis, value };
    });
    return toParams(chosen.reverse());
  };
  if (search.trials === undefined) return Array.from({ length: combinations ?? 0 }, (_, index) => combination(index));
  const random = seededRandom(search.seed ?? DEFAULT_SEED);
  if (combinations !== null) {
    const drawn = new Set<number>();
    while (drawn.size < Math.min(search.trials, combinations)) drawn.add(Math.floor(random() * combinations));
    return [...drawn].map(combination);
  }
  return Array.from({ length: search.trials }, () =>
    toParams(axes.map((axis) => ({ ...axis, value: draw(axis.values, isInteger(axis.stage, axis.param), random()) }))),
  );
}

/** @param at from 0 to 1, without 1 */
function draw(values: SearchValues, isInteger: boolean, at: number): unknown {
  if (Array.isArray(values)) return values[Math.floor(at * values.length)];
  const { from, to, scale } = values;
  // Every whole number has the same share of the range, the ends too.
  const [low, high] = isInteger ? [from - 0.5, to + 0.5] : [from, to];
  const value =
    scale === "log" ? Math.exp(Math.log(from) + at * (Math.log(to) - Math.log(from))) : low + at * (high - low);
  const readable = isInteger ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(to, Math.max(from, readable));
}

function toParams(chosen: readonly { stage: string; param: string; value: unknown }[]): TrialParams {
  const params: TrialParams = {};
  for (const { stage, param, value } of chosen) params[stage] = { ...params[stage], [param]: value };
  return params;
}

/** A stage as a trial has it. */
export function withTrial<Stage extends Pick<StageDefinition, "name" | "params">>(
  stage: Stage,
  trial: TrialParams,
): Stage {
  const set = trial[stage.name];
  return set ? { ...stage, params: { ...stage.params, ...set } } : stage;
}

/** A trial in words: `late_model.regParam 0.1, late_model.maxIter 20`. */
export function describeTrial(trial: TrialParams): string {
  return Object.entries(trial)
    .flatMap(([stage, params]) =>
      Object.entries(params).map(
        ([param, value]) => `${stage}.${param} ${typeof value === "string" ? value : JSON.stringify(value)}`,
      ),
    )
    .join(", ");
}
