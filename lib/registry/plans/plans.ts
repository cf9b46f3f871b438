import { ENGINE_NAMES, OWN_ENGINE } from "@/lib/domain/definitions/engine-name";
import type { PlanBody, PlanPreview } from "@/lib/contracts/plans";
import { mergeVariants } from "@/lib/domain/plans/instances";
import { toPins } from "@/lib/domain/plans/pins";
import { type IndependentPlan, planIndependently } from "@/lib/domain/plans/plan-outputs";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import type { Plan, PlanOptions, PlanRequest } from "@/lib/domain/plans/types";
import type { FitRows, StageDefinition } from "@/lib/domain/definitions/stage";
import type { EngineWorld } from "@/lib/domain/runs/engine-support";
import type { Principal } from "@/lib/domain/principal";
import type { BindStatements } from "../catalogue/assert-bound";
import { planInputOf } from "../catalogue/catalogue";
import { loadDraftCatalogue, loadPlanCatalogue, type PlanCatalogue } from "./catalogue";
import { chooseConsumer } from "./consumer";
import { describeGraph, toGraph } from "./graph";
import { openScopeFor } from "../scope";
import type { Support } from "./support";

/**
 * Plans on the stages of the request, else on the workspace's, with the request's documents laid over it. Nothing is
 * stored. Throws `invalid` with the planner's code and members (MISSING_PRODUCER, CYCLE …) when there is no plan. What the
 * engine cannot run is named, because it can still be planned.
 * @param bind binds the statements of the request's documents, whose texts are not trusted
 */
export async function previewPlan(
  principal: Principal,
  body: PlanBody,
  engine: Support,
  bind?: BindStatements,
): Promise<PlanPreview> {
  const { stages, sources, outputs } = body;
  if (stages && sources) return previewRequest({ stages, sources, outputs, options: optionsOf(body) }, body);
  const scope = await openScopeFor(principal, body.workspace ?? "", "spec:plan");
  const catalogue =
    body.specs === undefined
      ? await loadPlanCatalogue(scope.workspace.id)
      : await loadDraftCatalogue(principal, scope.workspace, body.specs, bind);
  const chosen = chooseConsumer(catalogue, body);
  const input = planInputOf(catalogue);
  const plan = planBy(body, { ...input, outputs, options: withoutSourcePins(optionsOf(body), input.sources) });
  const used = new Set(plan.variants.flatMap((variant) => variant.stages));
  return {
    ...toPreview(plan),
    ...(await supportOf(engine, catalogue.stages.filter((stage) => used.has(stage.name)), { ...catalogue, fit: fitOf(catalogue, chosen.consumer?.pipeline) })), // prettier-ignore
    ...(body.merge !== false &&
      (await describeGraph(scope.workspace.id, catalogue, chosen, plan.variants, outputsBy(plan, outputs)))),
    consumer: chosen.consumer,
    consumers: chosen.consumers,
    ...(body.specs !== undefined && { drafts: catalogue.drafts }),
  };
}

function previewRequest(request: PlanRequest, body: PlanBody): PlanPreview {
  const plan = planBy(body, request);
  if (!body.merge) return toPreview(plan);
  const merged = mergeVariants(request.stages, request.sources, plan.variants);
  return {
    ...toPreview(plan),
    graph: toGraph(request.stages, plan.variants, merged, { sources: [] }, outputsBy(plan, request.outputs)),
  };
}

/** On which rows the consumer's pipeline has estimators fitted. */
function fitOf({ pipelines }: PlanCatalogue, name: string | null | undefined): FitRows | undefined {
  return pipelines.find((pipeline) => pipeline.name === name)?.fit;
}

/** What each engine cannot run of the stages. */
async function supportOf(
  engine: Support,
  stages: StageDefinition[],
  world: EngineWorld,
): Promise<Pick<PlanPreview, "unsupported" | "engines">> {
  const unsupported = await engine.unsupported(stages, world);
  const others = await Promise.all(
    ENGINE_NAMES.filter((name) => name !== OWN_ENGINE).map(async (name) => {
      const other = engine.other?.(name) ?? { whyNot: "This process has the local engine only." };
      return "engine" in other
        ? { name, whyNot: null, unsupported: await other.engine.unsupported(stages, world) }
        : { name, whyNot: other.whyNot, unsupported: [] };
    }),
  );
  return { unsupported, engines: [{ name: OWN_ENGINE, whyNot: null, unsupported }, ...others] };
}

type AnyPlan = Plan & Partial<Pick<IndependentPlan, "perOutput">>;

function planBy({ options }: PlanBody, request: PlanRequest): AnyPlan {
  return options?.mode === "independent" ? planIndependently(request) : planVariants(request);
}

/** Variant → the outputs that it derives. */
function outputsBy({ perOutput }: AnyPlan, outputs: readonly string[]): (variant: number) => string[] {
  const joint = [...new Set(outputs)];
  if (!perOutput) return () => joint;
  const byVariant = perOutput.flatMap(({ output, variants }) => variants.map(() => [output]));
  return (variant) => byVariant[variant] ?? [];
}

function optionsOf({ options }: PlanBody): PlanOptions | undefined {
  if (!options) return undefined;
  const { mode: _mode, pins, ...rest } = options;
  return { ...rest, ...(pins && { pins: toPins(pins) }) };
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
export function toPreview(plan: AnyPlan): PlanPreview {
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
    ...(plan.perOutput && {
      perOutput: plan.perOutput.map(({ atLeast, ...one }) => ({ ...one, ...(atLeast && { atLeast: true as const }) })),
    }),
  };
}
