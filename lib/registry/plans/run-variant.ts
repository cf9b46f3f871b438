import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { type MergedPlan, mergeVariants, signatures } from "@/lib/domain/plans/instances";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import { type Catalogue, planInputOf } from "../catalogue/catalogue";
import { digestOf, sha256 } from "../record-event";

/** Plans a pipeline's outputs and its label, and takes one variant: the `index`-th in declaration order. */
export function chooseVariant(
  catalogue: Pick<Catalogue, "stages" | "sources">,
  pipeline: PipelineDefinition,
  pins: Record<string, string>,
  index: number,
): PlannedVariant {
  const { stages, sources } = planInputOf(catalogue);
  const label = pipeline.evaluate?.label;
  const wanted = label && !sources.includes(label) ? [...pipeline.outputs, label] : pipeline.outputs;
  const plan = planVariants({
    stages,
    sources,
    outputs: [...new Set(wanted)],
    options: { limit: index + 1, pins: { ...pipeline.pins, ...pins } },
  });
  const variant = plan.variants[index];
  if (!variant)
    throw new DomainError(
      "invalid",
      `There is no variant ${index} of pipeline ${pipeline.name}: with these pins it has ${plan.total}, counted from 0.`,
      { issues: [{ path: ["variant"], message: `expected less than ${plan.total}`, found: String(index) }] },
    );
  return variant;
}

export interface VariantGraph {
  plan: MergedPlan;
  /** Instance key → signature. */
  signatures: Map<string, string>;
  /** Equal for variants that compute the same. */
  signature: string;
}

/** The instances of one variant with their signatures. `digestOfStage` is the digest of the stage version that runs. */
export function graphOf(
  stages: StageDefinition[],
  sources: SourceDefinition[],
  variant: Pick<PlannedVariant, "stages" | "choice">,
  digestOfStage: (stage: string) => string,
): VariantGraph {
  const input = planInputOf({ stages: stages as Catalogue["stages"], sources });
  const plan = mergeVariants(input.stages, input.sources, [{ ...variant, predict: [], cost: 0 }]);
  const signed = signatures(plan.instances, digestOfStage, sha256);
  return { plan, signatures: signed, signature: digestOf([...signed.values()].sort()) };
}
