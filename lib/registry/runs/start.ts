import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { StartRun } from "@/lib/contracts/runs";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { Principal } from "@/lib/domain/principal";
import { loadCatalogue } from "../catalogue/catalogue";
import { ensureVariant, planRun, type Support } from "../plans/planned-run";
import { queueRun } from "./queue";
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

function titleOf(pipeline: PipelineDefinition): string {
  return `${pipeline.name}: ${pipeline.outputs.join(", ")}`;
}
