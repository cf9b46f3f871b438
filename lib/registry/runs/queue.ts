import type { Transaction } from "@/lib/db/client";
import { enqueue } from "@/lib/db/queue";
import { FIRST_STATE } from "@/lib/domain/runs/run-states";
import { recordEvent } from "../record-event";
import type { PromisedReuse } from "@/lib/domain/plans/promised-reuse";
import type { RunParams } from "@/lib/domain/runs/run-params";
import type { Scope } from "../scope";

export interface QueuedRun {
  kind: "variant" | "fit" | "predict" | "materialise";
  variantId: string | null;
  title: string;
  params: RunParams;
  /** The stage instances, in the order in which they run. */
  instances: { key: string; stage: string }[];
  /** Instance key → what the plan says is there already. */
  promised?: ReadonlyMap<string, PromisedReuse>;
  retryOfId?: string;
  /** The deployment's job that it is a run of. */
  jobId?: string;
}

/**
 * Queues a run: run, stages, queue entry and audit event appear with the caller's transaction. Await `openQueue()` before it
 * begins, and call this last: the audit log is locked until commit.
 * @returns the run's id
 */
export async function queueRun(tx: Transaction, scope: Scope, input: QueuedRun): Promise<string> {
  const workspaceId = scope.workspace.id;
  // Numbers have no gaps and no doubles: whoever takes one holds the workspace's row until commit.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`run:${workspaceId}`}, 0))`;
  const last = await tx.run.aggregate({ where: { workspaceId }, _max: { number: true } });
  const number = (last._max.number ?? 0) + 1;
  const run = await tx.run.create({
    data: {
      workspaceId,
      number,
      kind: input.kind,
      title: input.title,
      state: FIRST_STATE,
      message: "Waiting for a worker.",
      variantId: input.variantId,
      params: input.params as object,
      retryOfId: input.retryOfId ?? null,
      jobId: input.jobId ?? null,
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
      ...(input.promised?.has(instance.key) && { promised: input.promised.get(instance.key) as object }),
    })),
  });
  await enqueue(tx, "run", { runId: run.id });
  const { pipeline, pins, variant, engine, deployment, window, view, versionAsOf } = input.params;
  await recordEvent(tx, scope, {
    action: input.retryOfId ? "run.retry" : "run.start",
    object: `run/${number}`,
    after: {
      ...(view ? { view: view.name } : { pipeline, pins, variant }),
      ...(engine && { engine }),
      ...(deployment && { deployment }),
      ...(window && { window }),
      ...(versionAsOf && { versionAsOf }),
    },
  });
  return run.id;
}
