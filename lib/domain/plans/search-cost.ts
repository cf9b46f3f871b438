import { predictionIn } from "./evaluation-target";
import { searchedBy, searchedParts, searchTrials } from "./parameter-search";
import type { TrialParams } from "./trials";
import { stageOf, type VariantWorld } from "./variant-world";

/** What a search costs before the run's own fit. */
export interface SearchCost {
  trials: number;
  /** Fits of all trials; what trials have in common is fitted once. */
  fits: number;
  /** In the stages' cost units; what trials have in common is computed anew by each, unless it is a fit. */
  cost: number;
}

/** What the variant's search costs, where it has one whose prediction is known; else null. */
export function searchCost(world: VariantWorld): SearchCost | null {
  const { search } = world.pipeline;
  const { prediction } = predictionIn(world);
  if (!search || prediction === null) return null;
  const trials = searchTrials(search, (name) => world.stages.get(name)?.definition);
  const folds = searchedBy(world.pipeline) === "folds" ? searchedParts(world.pipeline).length : 1;
  let fits = 0;
  let cost = 0;
  for (const key of instancesBefore(world, world.writers.get(prediction) as string)) {
    const { definition } = stageOf(world, world.instances.get(key) as { stage: string });
    const units = definition.cost ?? 1;
    if (definition.estimator === undefined) {
      cost += trials.length * folds * units;
      continue;
    }
    const stages = new Set([...instancesBefore(world, key)].map((one) => world.instances.get(one)?.stage ?? ""));
    const own = folds * distinct(trials, stages);
    fits += own;
    cost += own * units;
  }
  return { trials: trials.length, fits, cost };
}

/** An instance and all that it reads from. */
function instancesBefore(world: VariantWorld, key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const from of Object.values(world.instances.get(key)?.inputs ?? {}))
    if ("instance" in from) instancesBefore(world, from.instance, seen);
  return seen;
}

/** How many trials differ in the parameters of some stages. */
function distinct(trials: readonly TrialParams[], stages: ReadonlySet<string>): number {
  const texts = trials.map((trial) => JSON.stringify(Object.entries(trial).filter(([stage]) => stages.has(stage))));
  return new Set(texts).size;
}
