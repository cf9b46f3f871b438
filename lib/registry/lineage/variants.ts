import type { z } from "zod";
import type { listLineageVariants as contract } from "@/lib/contracts/lineage-overview";
import { DomainError } from "@/lib/domain/errors";
import { idOf } from "@/lib/domain/lineage/graph";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import type { Principal } from "@/lib/domain/principal";
import { loadCatalogue, planInputOf } from "../catalogue/catalogue";
import { openScopeFor } from "../scope";

type Variants = z.input<(typeof contract)["response"]>;

/** The first variants of a pipeline's plan, and which of them contain each stage and each column that they read or write. */
export async function listVariants(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<Variants> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const catalogue = await loadCatalogue(workspace.id);
  const pipeline = catalogue.pipelines.find(({ name }) => name === query.pipeline);
  if (!pipeline)
    throw new DomainError(
      "not_found",
      `There is no pipeline ${query.pipeline} in ${workspace.name}. There are ${catalogue.pipelines.map(({ name }) => name).join(", ") || "none"}.`,
    );
  const { stages, sources } = planInputOf(catalogue);
  const { outputs, pins } = pipeline;
  const plan = planVariants({ stages, sources, outputs, options: { limit: query.limit, ...(pins && { pins }) } });
  const stageOf = new Map(stages.map((stage) => [stage.name, stage]));
  const nodes = new Map<string, Set<number>>();
  const mark = (id: string, variant: number) => nodes.set(id, (nodes.get(id) ?? new Set()).add(variant));
  for (const [index, { stages: names, choice }] of plan.variants.entries())
    for (const name of names) {
      const stage = stageOf.get(name);
      mark(idOf("stage", name), index);
      for (const column of [...(stage?.inputs ?? []), ...(stage?.fitInputs ?? [])])
        mark(idOf("feature", column), index);
      for (const column of stage?.outputs ?? []) if (choice[column] === name) mark(idOf("feature", column), index);
    }
  const writers = new Map<string, number>();
  for (const stage of stages) for (const column of stage.outputs) writers.set(column, (writers.get(column) ?? 0) + 1);
  return {
    pipeline: pipeline.name,
    total: plan.total,
    atLeast: plan.atLeast ?? false,
    variants: plan.variants.map(({ stages: names, choice, cost }, index) => ({
      index,
      cost,
      stages: names,
      choice: Object.fromEntries(Object.entries(choice).filter(([column]) => (writers.get(column) ?? 0) > 1)),
    })),
    nodes: Object.fromEntries([...nodes].map(([id, variants]) => [id, [...variants]])),
  };
}
