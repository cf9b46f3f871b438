import { type Transaction, prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import type { StartRun } from "@/lib/contracts/runs";
import type { PipelineDefinition, StageDefinition } from "@/lib/domain/definitions";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { type CatalogueStage, loadCatalogue } from "./catalogue";
import { recordEvent } from "./record-event";
import { chooseVariant, graphOf, type RunParams } from "./run-variant";
import { openRun } from "./runs";
import { openScopeFor, type Scope } from "./scope";

/** What a run needs to know of the engine before anything runs. */
export interface Support {
  unsupported(stages: StageDefinition[]): { stage: string; operator: string; reason: string }[];
}

/**
 * Plans a pipeline, takes one variant and queues its run; run, stages, job and audit event appear together.
 * Throws `not_found` without such a pipeline, `invalid` when it cannot be planned, and `unsupported` naming each stage that the engine cannot run.
 * @returns the run's id
 */
export async function startRun(principal: Principal, request: StartRun, engine: Support): Promise<string> {
  const scope = await openScopeFor(principal, request.workspace, "run:start");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const pipeline = catalogue.pipelines.find((candidate) => candidate.name === request.pipeline);
  if (!pipeline) {
    const names = catalogue.pipelines.map((candidate) => candidate.name).join(", ");
    throw new DomainError(
      "not_found",
      `There is no pipeline ${request.pipeline} in ${scope.workspace.name}. ${names ? `There are ${names}.` : "Apply a spec that declares one."}`,
    );
  }
  const pins = request.pins ?? {};
  const index = request.variant ?? 0;
  const variant = chooseVariant(catalogue, pipeline, pins, index);
  const stages = variant.stages.map((name) => catalogue.stages.find((stage) => stage.name === name) as CatalogueStage);
  assertSupported(engine, stages);
  const graph = graphOf(stages, catalogue.sources, variant, (name) => stageOf(stages, name).digest);
  const params: RunParams = {
    pipeline: pipeline.name,
    definition: pipeline,
    pins,
    variant: index,
    stageVersions: Object.fromEntries(stages.map((stage) => [stage.name, stage.versionId])),
  };
  await openQueue();
  return prisma().$transaction(async (tx) => {
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
    });
    return queueRun(tx, scope, {
      variantId: row.id,
      title: titleOf(pipeline),
      params,
      instances: graph.plan.instances,
      retryOfId: null,
    });
  });
}

/** Queues a new run of what a failed or canceled one was to do, with the stage versions of then. */
export async function retryRun(principal: Principal, runId: string, engine: Support): Promise<string> {
  const { scope, run } = await openRun(principal, runId, "run:start");
  if (run.state !== "failed" && run.state !== "canceled")
    throw new DomainError(
      "conflict",
      `Run ${run.number} is ${run.state}: only a failed or canceled run can be retried.`,
    );
  const params = run.params as unknown as RunParams;
  const versions = await prisma().stageVersion.findMany({ where: { id: { in: Object.values(params.stageVersions) } } });
  assertSupported(
    engine,
    versions.map((version) => version.definition as unknown as StageDefinition),
  );
  const stages = await prisma().runStage.findMany({ where: { runId }, orderBy: { position: "asc" } });
  await openQueue();
  return prisma().$transaction((tx) =>
    queueRun(tx, scope, {
      variantId: run.variantId,
      title: run.title,
      params,
      instances: stages.map((stage) => ({ key: stage.instance, stage: stage.stage })),
      retryOfId: run.id,
    }),
  );
}

function titleOf(pipeline: PipelineDefinition): string {
  return `${pipeline.name}: ${pipeline.outputs.join(", ")}`;
}

function stageOf(stages: CatalogueStage[], name: string): CatalogueStage {
  return stages.find((stage) => stage.name === name) as CatalogueStage;
}

function assertSupported(engine: Support, stages: StageDefinition[]): void {
  const refused = engine.unsupported(stages);
  if (refused.length === 0) return;
  throw new DomainError(
    "unsupported",
    `The engine cannot run ${refused.map((one) => `${one.stage} (${one.operator}): ${one.reason}`).join("; ")}`,
    { issues: refused.map((one) => ({ path: ["pipeline", one.stage], message: one.reason, found: one.operator })) },
  );
}

interface QueuedRun {
  variantId: string | null;
  title: string;
  params: RunParams;
  instances: { key: string; stage: string }[];
  retryOfId: string | null;
}

async function queueRun(tx: Transaction, scope: Scope, input: QueuedRun): Promise<string> {
  const workspaceId = scope.workspace.id;
  // Numbers have no gaps and no doubles: whoever takes one holds the workspace's row until commit.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`run:${workspaceId}`}, 0))`;
  const last = await tx.run.aggregate({ where: { workspaceId }, _max: { number: true } });
  const number = (last._max.number ?? 0) + 1;
  const run = await tx.run.create({
    data: {
      workspaceId,
      number,
      kind: "variant",
      title: input.title,
      state: "queued",
      message: "Waiting for a worker.",
      variantId: input.variantId,
      params: input.params as object,
      retryOfId: input.retryOfId,
      createdBy: scope.actor.id,
    },
  });
  await tx.runStage.createMany({
    data: input.instances.map((instance, position) => ({
      runId: run.id,
      position,
      instance: instance.key,
      stage: instance.stage,
      state: "pending",
    })),
  });
  await enqueue(tx, "run", { runId: run.id });
  await recordEvent(tx, scope, {
    action: input.retryOfId ? "run.retry" : "run.start",
    object: `run/${number}`,
    after: { pipeline: input.params.pipeline, pins: input.params.pins, variant: input.params.variant },
  });
  return run.id;
}
