import type { PlanPreview } from "@/lib/contracts/plans";
import { layOutPlan } from "./lay-out-plan";
import { looksOf } from "./look-of";
import { heightsOf } from "./node-look";
import { buildPlanGraph, MOST_DRAWN, variantsToDraw } from "./plan-graph";
import { readPlan, toGraphInstances } from "./read-plan";

/** Lays out a plan as it is first shown, so that the drawing is there when somebody chooses what they only considered. */
export function prepareLayout(preview: PlanPreview): void {
  const plan = readPlan(preview);
  if (!plan) return;
  const [chosen] = plan.variants;
  const instances = toGraphInstances(plan.instances);
  const drawn = variantsToDraw(instances, plan.variants.length, [0], MOST_DRAWN);
  const graph = buildPlanGraph(instances, drawn);
  // What fails here fails again, and is shown, when it is wanted.
  layOutPlan(graph, heightsOf(looksOf(graph, preview, plan, chosen, {}))).catch(() => undefined);
}
