import { prisma } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { loadCatalogue } from "../catalogue/catalogue";
import { assertSupported, type Support } from "../plans/support";
import { loadVariant } from "../plans/load-variant";
import { promiseReuse } from "../plans/promise-reuse";
import { queueRun } from "../runs/queue";
import { openRun } from "../runs/runs";
import { retryJobRun } from "./jobs";
import { definitionOf, paramsOf } from "../stored-json";

/** Queues a new run of what a failed or canceled one was to do, with the stage versions of then. */
export async function retryRun(principal: Principal, runId: string, engine: Support): Promise<string> {
  const { scope, run } = await openRun(principal, runId, "run:start");
  if (run.state !== "failed" && run.state !== "canceled")
    throw new DomainError(
      "conflict",
      `Run ${run.number} is ${run.state}: only a failed or canceled run can be retried.`,
    );
  if (run.jobId) return retryJobRun(scope, run, run.jobId, engine);
  const params = paramsOf(run);
  const versions = await prisma().stageVersion.findMany({ where: { id: { in: Object.values(params.stageVersions) } } });
  const definitions = versions.map((version) => definitionOf("Stage", version));
  const catalogue = await loadCatalogue(scope.workspace.id);
  await assertSupported(engine, definitions, { ...catalogue, fit: params.definition.fit }, params.engine);
  const promised =
    run.variantId === null
      ? undefined
      : await promiseReuse(scope.workspace.id, await loadVariant(prisma(), scope.workspace.id, run.variantId, params), params.versionAsOf); // prettier-ignore
  const stages = await prisma().runStage.findMany({ where: { runId }, orderBy: { position: "asc" } });
  await openQueue();
  return prisma().$transaction((tx) =>
    queueRun(tx, scope, {
      kind: run.kind === "materialise" ? "materialise" : "variant",
      variantId: run.variantId,
      title: run.title,
      params,
      instances: stages.map((stage) => ({ key: stage.instance, stage: stage.stage })),
      ...(promised && { promised }),
      retryOfId: run.id,
    }),
  );
}
