import type { PlanBody, PlanPreview } from "@/lib/contracts/plans";
import { planVariants } from "@/lib/domain/plan/plan-variants";
import type { Plan, PlanOptions } from "@/lib/domain/plan/types";
import type { Principal } from "@/lib/domain/principal";
import { loadCatalogue, planInputOf } from "./catalogue";
import { openScopeFor } from "./scope";
import type { Support } from "./plan-run";

/**
 * Plans on the stages of the request, else on the workspace's. Throws `invalid` with the planner's code and members
 * (MISSING_PRODUCER, CYCLE …) when there is no plan. What the engine cannot run is named, because it can still be planned.
 */
export async function previewPlan(principal: Principal, body: PlanBody, engine: Support): Promise<PlanPreview> {
  const { stages, sources, outputs, options } = body;
  if (stages && sources) return toPreview(planVariants({ stages, sources, outputs, options }));
  const scope = await openScopeFor(principal, body.workspace ?? "", "spec:plan");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const input = planInputOf(catalogue);
  const plan = planVariants({ ...input, outputs, options: withoutSourcePins(options, input.sources) });
  const used = catalogue.stages.filter((stage) => stage.name in plan.mergedInstances);
  return { ...toPreview(plan), unsupported: engine.unsupported(used) };
}

/** A source overrides its producers, and their pins with them. */
export function withoutSourcePins(
  options: PlanOptions | undefined,
  sources: readonly string[],
): PlanOptions | undefined {
  if (!options?.pins) return options;
  const pins = Object.entries(options.pins).filter(([column]) => !sources.includes(column));
  return { ...options, pins: Object.fromEntries(pins) };
}

/** A plan as lists that go with each other: the first choice belongs to the first variant. */
export function toPreview(plan: Plan): PlanPreview {
  const predictsLess = plan.variants.some((variant) => variant.predict.length !== variant.stages.length);
  return {
    total: plan.total,
    ...(plan.atLeast && { atLeast: true }),
    variants: plan.variants.map((variant) => variant.stages),
    ...(predictsLess && { predict: plan.variants.map((variant) => variant.predict) }),
    choices: plan.variants.map((variant) => variant.choice),
    costs: plan.variants.map((variant) => variant.cost),
    mergedInstances: plan.mergedInstances,
    pruned: plan.pruned,
  };
}
