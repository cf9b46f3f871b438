import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import type { StartRun } from "@/lib/contracts/runs";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { Principal } from "@/lib/domain/principal";
import { type Catalogue, loadCatalogue } from "../catalogue/catalogue";
import { type LoadedVariant, toLoadedVariant } from "../plans/load-variant";
import { ensureVariant, type PlannedRun, planRun } from "../plans/planned-run";
import type { Support } from "../plans/support";
import { resolveAsOf } from "../datasets/versions-as-of";
import { promiseReuse } from "../plans/promise-reuse";
import { sourcesRead } from "../plans/sources-read";
import { queueRun } from "./queue";
import { openScopeFor } from "../scope";

/**
 * Plans a pipeline, takes one variant and queues its run; run, stages, job and audit event appear together.
 * Throws `not_found` without such a pipeline or a version of data that is asked for, `invalid` when it cannot be planned, and `unsupported` naming each stage that the engine cannot run.
 * @returns the run's id
 */
export async function startRun(principal: Principal, request: StartRun, engine: Support): Promise<string> {
  const scope = await openScopeFor(principal, request.workspace, "run:start");
  const catalogue = await loadCatalogue(scope.workspace.id);
  const planned = await planRun(scope, catalogue, request, engine);
  const variant = variantOf(catalogue, planned);
  const sources = sourcesRead(variant).map(({ name }) => name);
  const versionAsOf = await resolveAsOf(scope.workspace.id, sources, request);
  const promised = await promiseReuse(scope.workspace.id, variant, versionAsOf);
  await openQueue();
  return prisma().$transaction(async (tx) =>
    queueRun(tx, scope, {
      kind: "variant",
      variantId: await ensureVariant(tx, scope, planned),
      title: titleOf(planned.pipeline),
      params: { ...planned.params, ...(Object.keys(versionAsOf).length > 0 && { versionAsOf }) },
      instances: planned.graph.plan.instances,
      promised,
    }),
  );
}

function variantOf(catalogue: Catalogue, { pipeline, stages, variant, params }: PlannedRun): LoadedVariant {
  const versioned = stages.map(
    (stage) => [stage.name, { definition: stage, versionId: stage.versionId, digest: stage.digest }] as const,
  );
  return toLoadedVariant(catalogue, pipeline, new Map(versioned), variant, params.engine);
}

function titleOf(pipeline: PipelineDefinition): string {
  return `${pipeline.name}: ${pipeline.outputs.join(", ")}`;
}
