import { OWN_ENGINE, type EngineName } from "@/lib/domain/definitions/engine-name";
import type { Transaction } from "@/lib/db/client";
import type { ParameterSearch } from "@/lib/domain/definitions/parameter-search";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import { choosePrediction, explainNoPrediction } from "@/lib/domain/plans/evaluation-target";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import type { Catalogue, CatalogueStage } from "../catalogue/catalogue";
import type { RunParams } from "@/lib/domain/runs/run-params";
import { assertSliceable } from "./assert-sliceable";
import { assertSupported, type Support } from "./support";
import { assertSearchable } from "./search-problems";
import { chooseVariant, graphOf, type VariantGraph } from "./run-variant";
import type { Scope } from "../scope";

/** Which variant of which pipeline somebody asks for. */
export interface VariantRequest {
  pipeline: string;
  pins?: Record<string, string>;
  variant?: number;
  /** Parameters to try in the place of the pipeline's own search; null for none. */
  search?: ParameterSearch | null;
  engine?: EngineName;
}

export interface PlannedRun {
  pipeline: PipelineDefinition;
  variant: PlannedVariant;
  /** The stages of the variant, in an order in which they can run. */
  stages: CatalogueStage[];
  graph: VariantGraph;
  params: RunParams;
}

/**
 * Plans a pipeline and takes one variant; nothing is written. Throws `not_found` without such a pipeline, `invalid` when it
 * cannot be planned, and `unsupported` naming each stage that the engine cannot run.
 */
export async function planRun(
  scope: Scope,
  catalogue: Catalogue,
  request: VariantRequest,
  engine: Support,
): Promise<PlannedRun> {
  const declared = catalogue.pipelines.find((candidate) => candidate.name === request.pipeline);
  if (!declared) {
    const names = catalogue.pipelines.map((candidate) => candidate.name).join(", ");
    throw new DomainError(
      "not_found",
      `There is no pipeline ${request.pipeline} in ${scope.workspace.name}. ${names ? `There are ${names}.` : "Apply a spec that declares one."}`,
    );
  }
  const pipeline = withSearch(declared, request.search);
  const pins = request.pins ?? {};
  const index = request.variant ?? 0;
  const variant = chooseVariant(catalogue, pipeline, pins, index);
  const stageNamed = (name: string) => catalogue.stages.find((stage) => stage.name === name) as CatalogueStage;
  const stages = variant.stages.map(stageNamed);
  await assertSupported(engine, stages, { ...catalogue, fit: pipeline.fit }, request.engine);
  assertEvaluable(pipeline, variant, stages, catalogue.sources);
  const graph = graphOf(stages, catalogue.sources, variant, (name) => stageNamed(name).digest);
  await assertSearchable(pipeline, catalogue, { variant, stages, instances: graph.plan.instances }, engine, request.engine); // prettier-ignore
  return {
    pipeline,
    variant,
    stages,
    graph,
    params: {
      pipeline: pipeline.name,
      definition: pipeline,
      pins,
      variant: index,
      stageVersions: Object.fromEntries(stages.map((stage) => [stage.name, stage.versionId])),
      ...(request.engine !== undefined && request.engine !== OWN_ENGINE && { engine: request.engine }),
    },
  };
}

function withSearch(pipeline: PipelineDefinition, search: ParameterSearch | null | undefined): PipelineDefinition {
  if (search === undefined) return pipeline;
  const { search: _, ...rest } = pipeline;
  return search === null ? rest : { ...rest, search };
}

/** Throws `invalid` at once for what would fail when everything else had run. */
function assertEvaluable(
  pipeline: PipelineDefinition,
  variant: PlannedVariant,
  stages: StageDefinition[],
  sources: SourceDefinition[],
): void {
  if (!pipeline.evaluate) return;
  const { candidates, prediction } = choosePrediction(pipeline, (column) =>
    stages.filter(({ name }) => name === variant.choice[column]),
  );
  if (prediction !== null)
    return assertSliceable(
      pipeline,
      { slices: pipeline.evaluate.slices ?? [], prediction, path: ["evaluate", "slices"] },
      { sources, stages },
    );
  const message = explainNoPrediction(pipeline, candidates);
  throw new DomainError("invalid", `Pipeline ${pipeline.name} cannot be evaluated: ${message}`, {
    issues: [{ path: ["evaluate"], message, found: pipeline.evaluate.prediction ?? pipeline.outputs.join(", ") }],
    candidates,
  });
}

/** The id of the variant's row, which is made when it is the first time that something is done with the variant. */
export async function ensureVariant(tx: Transaction, scope: Scope, planned: PlannedRun): Promise<string> {
  const { pipeline, variant, graph } = planned;
  const { id: pipelineId } = await tx.pipeline.findUniqueOrThrow({
    where: { workspaceId_name: { workspaceId: scope.workspace.id, name: pipeline.name } },
    select: { id: true },
  });
  const row = await tx.variant.upsert({
    where: { pipelineId_signature: { pipelineId, signature: graph.signature } },
    create: {
      pipelineId,
      signature: graph.signature,
      stages: variant.stages,
      choice: variant.choice,
      createdBy: scope.actor.id,
    },
    update: {},
    select: { id: true },
  });
  return row.id;
}
