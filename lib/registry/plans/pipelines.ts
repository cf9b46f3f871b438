import type { PipelineDetail, PipelineList, PipelineSummary } from "@/lib/contracts/pipelines";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { prisma } from "@/lib/db/client";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import { DomainError } from "@/lib/domain/errors";
import { describeSearch } from "@/lib/domain/plans/parameter-search";
import { planVariants } from "@/lib/domain/plans/plan-variants";
import type { Plan } from "@/lib/domain/plans/types";
import type { Principal } from "@/lib/domain/principal";
import { type Catalogue, loadCatalogue, planInputOf } from "../catalogue/catalogue";
import { pageOf, type PageQuery } from "../paging";
import { toPreview, withoutSourcePins } from "./plans";
import { openScopeFor } from "../scope";
import { describeFitRows } from "@/lib/domain/leakage/describe-fit-rows";

export async function listPipelines(
  principal: Principal,
  query: PageQuery & { workspace: string },
): Promise<PipelineList> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const { items, ...page } = pageOf(catalogue.pipelines, query);
  const runs = await runCounts(scope.workspace.id);
  return { items: items.map((one) => summarise(one, planOf(one, catalogue, 0), runs.get(one.name) ?? 0)), ...page };
}

/** One pipeline with its variants in declaration order, or with why it has none. Throws `not_found`. */
export async function getPipeline(principal: Principal, workspace: string, name: string): Promise<PipelineDetail> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const pipeline = catalogue.pipelines.find((one) => one.name === name);
  if (!pipeline) throw new DomainError("not_found", `There is no pipeline \`${name}\` in workspace ${workspace}.`);
  const planned = planOf(pipeline, catalogue);
  const runs = await runCounts(scope.workspace.id);
  const { evaluate } = pipeline;
  return {
    ...summarise(pipeline, planned, runs.get(name) ?? 0),
    refit: pipeline.refit ?? [],
    fit: describeFitRows(pipeline.fit),
    evaluate: evaluate
      ? {
          split: evaluate.split,
          validation: evaluate.validation ?? [],
          test: evaluate.test,
          label: evaluate.label,
          model: evaluate.model,
        }
      : null,
    search: describeSearch(pipeline),
    yaml: writeSpec(pipeline),
    plan: planned instanceof DomainError ? null : toPreview(planned),
    problem:
      planned instanceof DomainError
        ? { code: String(planned.context.code ?? planned.code), detail: planned.message }
        : null,
  };
}

function planOf(pipeline: PipelineDefinition, catalogue: Catalogue, limit?: number): Plan | DomainError {
  const input = planInputOf(catalogue);
  const options = withoutSourcePins({ pins: pipeline.pins, ...(limit !== undefined && { limit }) }, input.sources);
  try {
    return planVariants({ ...input, outputs: pipeline.outputs, options });
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function summarise(pipeline: PipelineDefinition, planned: Plan | DomainError, runs: number): PipelineSummary {
  return {
    name: pipeline.name,
    outputs: pipeline.outputs,
    pins: pipeline.pins ?? {},
    description: pipeline.description ?? "",
    owner: pipeline.owner ?? "",
    tags: pipeline.tags ?? [],
    meta: pipeline.meta ?? {},
    model: pipeline.evaluate?.model ?? null,
    variants: planned instanceof DomainError ? "0" : planned.total,
    runs,
  };
}

async function runCounts(workspaceId: string): Promise<Map<string, number>> {
  const rows = await prisma().$queryRaw<{ name: string; count: bigint }[]>`
    SELECT p."name", count(*) AS count FROM "Run" r
    JOIN "Variant" v ON v."id" = r."variantId" JOIN "Pipeline" p ON p."id" = v."pipelineId"
    WHERE r."workspaceId" = ${workspaceId} GROUP BY p."name"`;
  return new Map(rows.map((row) => [row.name, Number(row.count)]));
}
