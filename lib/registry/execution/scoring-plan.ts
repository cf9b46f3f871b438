import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { DomainError } from "@/lib/domain/errors";
import type { Instance } from "@/lib/domain/plans/instances";
import { stageOf } from "@/lib/domain/plans/variant-world";
import type { EngineInstance, VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { ScoringFit } from "../models/version-fits";
import type { RunContext } from "./run-context";
import { outputDirectory, type ResolvedSource, type RunPlan } from "./run-plan";

/**
 * The plan as far as it scores the rows of one role: nothing is written, profiled, sliced or compared with training rows, and what neither the
 * prediction nor the label needs does not run. Null for a plan that evaluates nothing.
 * @param name of the folder beside the run's own that the engine works in
 */
export function scoringOnly(context: RunContext, plan: RunPlan, role: string, name: string): RunPlan | null {
  const { evaluate } = plan.plan;
  if (!plan.target || !evaluate) return null;
  const { features: _, slices: __, shuffle: ___, ...judged } = evaluate;
  const asked: VariantPlan = {
    ...plan.plan,
    instances: neededBy(plan.plan.instances, [evaluate.prediction.instance, evaluate.label.instance]),
    materialise: [],
    profile: { columns: [], selections: [], every: null },
    evaluate: { ...judged, selections: evaluate.selections.filter(({ part }) => part === role) },
    outputDirectory: `${outputDirectory(context)}-${name}`,
  };
  return { ...plan, plan: asked };
}

/** The instances that some others need, and those; an instance whose values are read needs none. */
function neededBy(instances: EngineInstance[], wanted: readonly (string | null)[]): EngineInstance[] {
  const byKey = new Map(instances.map((instance) => [instance.key, instance]));
  const needed = new Set<string>();
  const visit = (key: string | null) => {
    const instance = key === null || needed.has(key) ? undefined : byKey.get(key);
    if (!instance) return;
    needed.add(instance.key);
    if (!instance.values) Object.values(instance.inputs).forEach(visit);
  };
  wanted.forEach(visit);
  return instances.filter(({ key }) => needed.has(key));
}

/**
 * Stage instances with the fits that they score with.
 * @param without says of a stage without a fit why that stops everything: thrown as `conflict`
 */
export function fittedInstances(
  context: RunContext,
  closure: readonly Instance[],
  fits: ReadonlyMap<string, ScoringFit>,
  without: (stage: string) => string,
): EngineInstance[] {
  return closure.map((instance): EngineInstance => {
    const { definition: stage } = stageOf(context, instance);
    const inputs = Object.fromEntries(
      Object.entries(instance.inputs).map(([column, from]) => [column, "source" in from ? null : from.instance]),
    );
    if (!stage.estimator) return { key: instance.key, stage, inputs };
    const fit = fits.get(instance.key);
    if (!fit) throw new DomainError("conflict", without(instance.stage));
    return { key: instance.key, stage, inputs, fit: { ...fit, split: null } };
  });
}

/** Sources with the versions that are read. */
export function sourcesFrom(
  definitions: readonly SourceDefinition[],
  resolved: ReadonlyMap<string, ResolvedSource>,
): VariantPlan["sources"] {
  return definitions.flatMap((definition) => {
    const source = resolved.get(definition.name);
    return source ? [{ definition, snapshot: source.snapshot }] : [];
  });
}
