import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { StartJob } from "@/lib/contracts/deployments";
import { prisma, type Transaction } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import { predictClosure } from "@/lib/domain/plans/predict-closure";
import type { PromisedReuse } from "@/lib/domain/plans/promised-reuse";
import type { Principal } from "@/lib/domain/principal";
import { describeJob, type DeploymentRow, lockDeployment, openDeployment } from "./row";
import { promiseReuse } from "../plans/promise-reuse";
import { loadVariant } from "../plans/load-variant";
import { assertVariantSupported, type Support } from "../plans/support";
import { queueRun } from "../runs/queue";
import type { RunParams } from "@/lib/domain/runs/run-params";
import type { Scope } from "../scope";
import { paramsOf } from "../stored-json";

/**
 * Runs a job now. Throws `conflict` while a run of it is still going or when the deployment is retired, `invalid` for a
 * window that a fit cannot have or that is empty, and `unsupported` naming the stages that the engine cannot run.
 * @returns the run's id
 */
export async function startJob(
  principal: Principal,
  { workspace, name, kind }: { workspace: string; name: string; kind: JobKind },
  request: StartJob,
  engine: Support,
): Promise<string> {
  const { scope, deployment } = await openDeployment(principal, workspace, name, "run:start");
  return begin(scope, deployment, kind, engine, { window: windowOf(request, kind) });
}

/**
 * Queues a new run of what a failed or canceled run of a job was to do. Throws as `startJob`, and `conflict` for the chunk of
 * a back-fill, which is computed again by that.
 * @returns the run's id
 */
export async function retryJobRun(scope: Scope, run: Run, jobId: string, engine: Support): Promise<string> {
  const chunk = await prisma().backfillChunk.findUnique({ where: { runId: run.id }, select: { id: true } });
  const { kind, deployment } = await prisma().deploymentJob.findUniqueOrThrow({
    where: { id: jobId },
    include: { deployment: true },
  });
  if (chunk)
    throw new DomainError(
      "conflict",
      `Run ${run.number} is a chunk of a back-fill of ${deployment.name}. Retry the back-fill: it computes every failed chunk again.`,
    );
  const { window } = paramsOf(run);
  return begin(scope, deployment, kind as JobKind, engine, { window, retryOfId: run.id });
}

async function begin(
  scope: Scope,
  deployment: DeploymentRow,
  kind: JobKind,
  engine: Support,
  run: { window?: [string, string]; retryOfId?: string },
): Promise<string> {
  const { name } = deployment;
  const { id: workspaceId } = scope.workspace;
  const params = paramsOf(deployment);
  const variant = await loadVariant(prisma(), workspaceId, deployment.variantId, params);
  await assertVariantSupported(engine, variant, params.engine);
  const promised = kind === "fit" ? await promiseReuse(workspaceId, variant) : undefined;
  await openQueue();
  return prisma().$transaction(async (tx) => {
    const state = await lockDeployment(tx, deployment.id);
    if (state === "retired")
      throw new DomainError("conflict", `Deployment ${name} is retired: its jobs no longer run.`);
    const job = await lockJob(tx, deployment.id, kind);
    const going = await activeRun(tx, job.id);
    if (going)
      throw new DomainError(
        "conflict",
        `Run ${going.number} of ${describeJob(kind)} of ${name} is still ${going.state}. Wait for it, or cancel it.`,
        { runId: going.id, run: going.number },
      );
    return queueJobRun(tx, scope, deployment, { id: job.id, kind }, { ...run, ...(promised && { promised }) });
  });
}

function windowOf({ from, to }: StartJob, kind: JobKind): [string, string] | undefined {
  if (from === undefined && to === undefined) return undefined;
  const issue = (path: string, message: string) => {
    throw new DomainError("invalid", `The window cannot be used: ${message}.`, { issues: [{ path: [path], message }] });
  };
  if (kind === "fit")
    return issue("from", "a fit learns from the rows that its pipeline names, so it has no window; leave it out");
  if (from === undefined) return issue("from", "`to` needs a `from` beside it");
  if (to === undefined) return issue("to", "`from` needs a `to` beside it");
  if (from >= to) return issue("to", `expected a moment after ${from}, found ${to}`);
  return [from, to];
}

/** The job's row, locked until the transaction ends, so that only one run of it begins. */
export async function lockJob(tx: Transaction, deploymentId: string, kind: JobKind): Promise<{ id: string }> {
  const [job] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "DeploymentJob" WHERE "deploymentId" = ${deploymentId} AND "kind" = ${kind} FOR UPDATE`;
  if (!job) throw new DomainError("not_found", `The deployment has no job ${kind}.`);
  return job;
}

/** The run of the job that has not ended; chunks of back-fills are none of its business. */
export function activeRun(tx: Transaction, jobId: string) {
  return tx.run.findFirst({
    where: { jobId, state: { in: ["queued", "running"] }, backfillChunk: null },
    select: { id: true, number: true, state: true },
  });
}

/**
 * Queues a run of a job with the stage versions that are deployed. A predict run finds out which model version it scores
 * with when it begins. Call it last in the transaction, after `openQueue()`.
 */
export async function queueJobRun(
  tx: Transaction,
  scope: Scope,
  deployment: Pick<DeploymentRow, "name" | "variantId" | "params" | "model">,
  job: { id: string; kind: JobKind },
  {
    window,
    retryOfId,
    promised,
  }: { window?: [string, string]; retryOfId?: string; promised?: Map<string, PromisedReuse> } = {},
): Promise<string> {
  const params: RunParams = {
    ...paramsOf(deployment),
    deployment: { name: deployment.name, job: job.kind, model: deployment.model },
    ...(window && { window }),
  };
  const variant = await loadVariant(tx, scope.workspace.id, deployment.variantId, params);
  return queueRun(tx, scope, {
    kind: job.kind === "fit" ? "fit" : "predict",
    variantId: deployment.variantId,
    title: `${deployment.name}: ${describeJob(job.kind)} ${params.definition.outputs.join(", ")}`,
    params,
    instances:
      job.kind === "fit" ? [...variant.instances.values()] : predictClosure(variant, params.definition.outputs),
    jobId: job.id,
    ...(promised && { promised }),
    ...(retryOfId && { retryOfId }),
  });
}
