import { DomainError } from "../errors";
import { mergeVariants } from "./instances";
import { planVariants } from "./plan-variants";
import { toRecord } from "./to-record";
import type { Plan, PlannedVariant, PlanRequest } from "./types";

/** The variants of one output that was planned on its own. */
interface OutputPlan {
  output: string;
  total: string;
  atLeast?: boolean;
  /** Indices among all listed variants. */
  variants: number[];
}

export interface IndependentPlan extends Plan {
  perOutput: OutputPlan[];
}

/**
 * Plans every output on its own, with the options for each: two outputs may then disagree about the writer of a column.
 * The variants of the first output come first; `total` is the sum of the outputs' totals.
 * @throws what `planVariants` throws for the first output that cannot be planned, with that `output` in its context
 */
export function planIndependently(request: PlanRequest): IndependentPlan {
  const outputs = [...new Set(request.outputs)];
  // What is wrong with the request as a whole, no outputs included, is said once.
  if (outputs.length === 0) planVariants(request);
  const variants: PlannedVariant[] = [];
  const pruned = new Set<string>();
  let total = 0n;
  const perOutput = outputs.map((output): OutputPlan => {
    const plan = planOne({ ...request, outputs: [output] }, output);
    const first = variants.length;
    variants.push(...plan.variants);
    plan.pruned.forEach((stage) => pruned.add(stage));
    total += BigInt(plan.total);
    return {
      output,
      total: plan.total,
      ...(plan.atLeast && { atLeast: true }),
      variants: plan.variants.map((_, index) => first + index),
    };
  });
  return {
    total: total.toString(),
    ...(perOutput.some((one) => one.atLeast) && { atLeast: true }),
    variants,
    mergedInstances: countInstances(request, variants),
    pruned: request.stages.map((stage) => stage.name).filter((stage) => pruned.has(stage)),
    perOutput,
  };
}

function countInstances({ stages, sources }: PlanRequest, variants: readonly PlannedVariant[]): Record<string, number> {
  const used = new Set(variants.flatMap((variant) => variant.stages));
  const { instances } = mergeVariants(
    stages.filter((stage) => used.has(stage.name)),
    sources,
    variants,
  );
  const counts = new Map<string, number>();
  for (const { stage } of instances) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  const declared = stages.flatMap(({ name }) => (used.has(name) ? [name] : []));
  return toRecord(
    declared,
    declared.map((stage) => counts.get(stage) ?? 0),
  );
}

function planOne(request: PlanRequest, output: string): Plan {
  try {
    return planVariants(request);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${output}, planned on its own: ${error.message}`, { ...error.context, output });
  }
}
