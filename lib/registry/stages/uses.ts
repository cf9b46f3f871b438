import type { StageDetail } from "@/lib/contracts/stages";
import { prisma } from "@/lib/db/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import { type Catalogue, planInputOf } from "../catalogue/catalogue";

/** Of a pipeline with more variants the first are looked at, and those that the stage's own columns are pinned to it in. */
const MOST_VARIANTS = 100;

/** Pipelines, with how many of their variants, and live deployments that run a stage anywhere in their plan. */
export async function usesOf(
  workspaceId: string,
  stage: StageDefinition,
  catalogue: Catalogue,
): Promise<StageDetail["uses"]> {
  const deployments = await prisma().deployment.findMany({
    where: { workspaceId, state: { not: "retired" }, variant: { stages: { has: stage.name } } },
    orderBy: { name: "asc" },
    select: { name: true, state: true, variant: { select: { pipeline: { select: { name: true } } } } },
  });
  return {
    pipelines: catalogue.pipelines.flatMap((pipeline) => useIn(pipeline, stage, catalogue) ?? []),
    deployments: deployments.map(({ name, state, variant }) => ({ name, state, pipeline: variant.pipeline.name })),
  };
}

function useIn(
  pipeline: PipelineDefinition,
  stage: StageDefinition,
  catalogue: Catalogue,
): StageDetail["uses"]["pipelines"][number] | null {
  const first = variantsOf(pipeline, catalogue, pipeline.pins ?? {});
  if (!first) return null;
  const runs = first.variants.filter((stages) => stages.includes(stage.name)).length;
  const found = { name: pipeline.name, of: first.variants.length, total: first.total };
  if (runs > 0) return { ...found, variants: runs };
  if (BigInt(first.total) <= first.variants.length) return null;
  // It may run in variants that were not listed: those in which it writes what it can.
  const isPinned = stage.outputs.some(({ column }) => {
    const pinned = variantsOf(pipeline, catalogue, { ...pipeline.pins, [column]: stage.name });
    return pinned?.variants.some((stages) => stages.includes(stage.name));
  });
  return isPinned ? { ...found, variants: 1 } : null;
}

/** The first variants of a pipeline's outputs and label; null when it cannot be planned. */
function variantsOf(
  { outputs, evaluate }: PipelineDefinition,
  catalogue: Catalogue,
  pins: Record<string, string>,
): { variants: string[][]; total: string } | null {
  const { stages, sources } = planInputOf(catalogue);
  const label = evaluate && !sources.includes(evaluate.label) ? [evaluate.label] : [];
  try {
    const plan = planVariants({
      stages,
      sources,
      outputs: [...new Set([...outputs, ...label])],
      options: { limit: MOST_VARIANTS, pins, budget: 200_000 },
    });
    return { variants: plan.variants.map((variant) => variant.stages), total: plan.total };
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
