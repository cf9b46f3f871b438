import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { StartRun } from "@/lib/contracts/runs";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { loadCatalogue } from "../catalogue/catalogue";
import { retryJobRun } from "../deployments/jobs";
import { assertSupported, ensureVariant, planRun, type Support } from "../plans/planned-run";
import { queueRun } from "./queue";
import type { RunParams } from "../plans/run-variant";
import { openRun } from "./runs";
import { openScopeFor } from "../scope";

/**
 * Plans a pipeline, takes one variant and queues its run; run, stages, job and audit event appear together.
 * Throws `not_found` without such a pipeline, `invalid` when it cannot be planned, and `unsupported` naming each stage that the engine cannot run.
 * @returns the run's id
 */
export async function startRun(principal: Principal, request: StartRun, engine: Support): Promise<string> {
  const scope = await openScopeFor(principal, request.workspace, "run:start");
  const planned = planRun(scope, await loadCatalogue(scope.workspace.id), request, engine);
  await openQueue();
  return prisma().$transaction(async (tx) =>
    queueRun(tx, scope, {
      kind: "variant",
      variantId: await ensureVariant(tx, scope, planned),
      title: titleOf(planned.pipeline),
      params: planned.params,
      instances: planned.graph.plan.instances,
    }),
  );
}

/** Queues a new run of what a failed or canceled one was to do, with the stage versions of then. */
export async function retryRun(principal: Principal, runId: string, engine: Support): Promise<string> {
  const { scope, run } = await openRun(principal, runId, "run:start");
  if (run.state !== "failed" && run.state !== "canceled")
    throw new DomainError(
      "conflict",
      `Run ${run.number} is ${run.state}: only a failed or canceled run can be retried.`,
    );
  if (run.jobId) return retryJobRun(scope, run, run.jobId, engine);
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
      kind: "variant",
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
