import type { PlanVariant, PlanVerdict } from "@/lib/contracts/plan-graph";
import { createLeakageJudge } from "@/lib/domain/leakage/judge-leakage";
import type { LeakageInput } from "@/lib/domain/leakage/types";
import { judgeEachFeature } from "@/lib/domain/leakage/judge-each-feature";
import { instancesOf } from "@/lib/domain/plans/draw-plan";
import { evaluationTargetOf, predictionIn } from "@/lib/domain/plans/evaluation-target";
import { toLeakageInput } from "@/lib/domain/plans/leakage-input";
import { findUpstream } from "@/lib/domain/plans/row-sets";
import { searchCost } from "@/lib/domain/plans/search-cost";
import { stopAtValues } from "@/lib/domain/plans/stop-at-values";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import { entitiesOf, stageOf, type VariantWorld } from "@/lib/domain/plans/variant-world";
import type { PlanCatalogue } from "./catalogue";
import { type PlannedGraph, valuesOf } from "./planned-graph";
import { worstVerdict } from "../models/verdicts";

/** What each listed variant costs, reuses and is worth. */
export function describeVariants(
  planned: PlannedGraph,
  catalogue: PlanCatalogue,
  isEvaluated: boolean,
  outputsOf: (variant: number) => string[],
): PlanVariant[] {
  const choosable = columnsWithChoice(catalogue);
  return planned.variants.map((variant, index) => {
    const world = worldOf(planned, variant, index, outputsOf(index));
    return {
      outputs: outputsOf(index),
      cost: variant.cost,
      ...reuseOf(planned, world),
      pins: Object.fromEntries(Object.entries(variant.choice).filter(([column]) => choosable.has(column))),
      verdict: isEvaluated ? judge(planned, world) : null,
      search: searchCost(world),
    };
  });
}

/** Columns that several stages write and no source has. */
export function columnsWithChoice({ stages, sources }: Pick<PlanCatalogue, "stages" | "sources">): Set<string> {
  const taken = new Set(sources.flatMap((source) => source.columns.map(({ name }) => `${source.entity}.${name}`)));
  const seen = new Set<string>();
  const several = new Set<string>();
  for (const { outputs } of stages)
    for (const { column } of outputs)
      if (!taken.has(column)) {
        if (seen.has(column)) several.add(column);
        seen.add(column);
      }
  return several;
}

/** One variant as it would run alone. */
function worldOf(
  { world, merged }: PlannedGraph,
  variant: PlannedVariant,
  index: number,
  outputs: string[],
): VariantWorld {
  return {
    ...world,
    ...instancesOf(merged, variant, index),
    pipeline: { ...world.pipeline, outputs },
    stages: new Map(variant.stages.map((name) => [name, stageOf(world, { stage: name })])),
  };
}

function reuseOf(planned: PlannedGraph, world: VariantWorld) {
  const instances = [...world.instances.values()];
  const wanted = world.pipeline.outputs.flatMap((column) => {
    const instance = world.writers.get(column);
    return instance ? [{ instance, column }] : [];
  });
  const isFitted = (key: string) => planned.fitted.has(key);
  const { read, run } = stopAtValues(
    instances,
    wanted,
    (key) => {
      const instance = world.instances.get(key) as (typeof instances)[number];
      // A label is needed to fit only.
      return isFitted(key) ? stageOf(world, instance).definition.inputs : Object.keys(instance.inputs);
    },
    (key, columns) => valuesOf(planned, key, columns) !== undefined,
  );
  const fitted = run.filter(isFitted);
  const costOf = (key: string) =>
    stageOf(world, world.instances.get(key) as (typeof instances)[number]).definition.cost ?? 1;
  return {
    remaining: run.reduce((sum, key) => sum + (isFitted(key) ? 0 : costOf(key)), 0),
    fitted: fitted.length,
    materialised: read.size,
    saves:
      fitted.reduce((sum, key) => sum + (planned.fitted.get(key)?.seconds ?? 0), 0) +
      [...read].reduce((sum, [key, columns]) => sum + (valuesOf(planned, key, columns)?.seconds ?? 0), 0),
  };
}

/** What the verdict on a listed variant rests on, had it run alone; null when its result is no prediction. */
export function leakageInputOfVariant(planned: PlannedGraph, index: number, outputs: string[]): LeakageInput | null {
  const variant = planned.variants[index];
  return variant ? leakageInputIn(planned, worldOf(planned, variant, index, outputs)) : null;
}

function leakageInputIn(planned: PlannedGraph, world: VariantWorld): LeakageInput | null {
  // What was asked for may be only a part of what the pipeline makes.
  const { candidates, prediction } = predictionIn(world);
  const named = world.pipeline.evaluate?.prediction;
  if (prediction === null && (candidates.length === 0 || (named !== undefined && !world.writers.has(named))))
    return null;
  const upstream = findUpstream(world);
  const target = evaluationTargetOf(
    world,
    upstream,
    new Map([...planned.sources].map(([name, { version }]) => [name, version])),
  );
  if (!target) return null;
  const entities = entitiesOf(world);
  const read = world.catalogue.sources.filter((source) => entities.has(source.entity)).map((source) => source.name);
  const sources = new Map([...planned.sources].filter(([name]) => read.includes(name)));
  return toLeakageInput(world, planned.fits, sources, target, undefined);
}

function judge(planned: PlannedGraph, world: VariantWorld): PlanVerdict | null {
  const input = leakageInputIn(planned, world);
  if (!input) return null;
  const whole = createLeakageJudge(input).judge(input.consumer, input.measurements);
  const { verdict, sentence } = worstVerdict(judgeEachFeature(input));
  const atFault = new Set(
    Object.entries(whole.perEstimator).flatMap(([stage, one]) => (one.verdict === verdict ? [stage] : [])),
  );
  return {
    verdict,
    severity: whole.severity,
    reasons: whole.reasons,
    sentence,
    estimators:
      verdict === "safe"
        ? []
        : [...world.instances.values()].filter(({ stage }) => atFault.has(stage)).map(({ key }) => key),
  };
}
