import os from "node:os";
import path from "node:path";
import { environment } from "@/lib/config/environment";
import { version } from "@/lib/config/version";
import { type Transaction, prisma } from "@/lib/db/client";
import { enqueue, openQueue } from "@/lib/db/queue";
import { DomainError } from "@/lib/domain/errors";
import type { VariantResult } from "@/lib/engines/engine";
import { digestOfFiles } from "@/lib/registry/dataset-versions";
import { syncLineage } from "@/lib/registry/lineage-sync";
import { recordEvent } from "@/lib/registry/record-event";
import { recordFeatureVersions, type RecordedVersions } from "./record-feature-versions";
import { recordFits } from "./record-fits";
import { recordModel } from "./record-model";
import { recordProfiles } from "./record-profiles";
import { recordUsage } from "./record-usage";
import type { RunContext } from "./run-context";
import type { RunPlan } from "./run-plan";

/**
 * Writes everything that a run did in one transaction: output versions, fits, feature versions with lineage, profiles and
 * drift, dev pointers, the model with its verdicts, usage, and the jobs that follow. Only the attempt that holds the run
 * may: throws `conflict` when another worker took it or it was canceled, and then nothing is written.
 */
export async function recordRun(
  context: RunContext,
  plan: RunPlan,
  result: VariantResult,
  engine: string,
): Promise<void> {
  await openQueue();
  await prisma().$transaction(async (tx) => {
    await claimEnd(tx, context, result, engine);
    // Versions are numbered one run after the other.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`versions:${context.run.workspaceId}`}, 0))`;
    const outputs = await recordOutputs(tx, context, result);
    const fits = await recordFits(tx, context, plan, result);
    const versions = await recordFeatureVersions(tx, context);
    await recordValues(tx, context, result, versions, outputs);
    await recordProfiles(tx, context, plan, result, versions, outputs);
    await recordModel(tx, context, plan, result, versions, fits);
    if (plan.judged) await syncLineage(tx, context.run.workspaceId, { model: [plan.judged.model] });
    await recordUsage(tx, context, plan, result, versions);
    await recordStages(tx, context, result);
    const views = await enqueueMaterialisations(tx, context, versions);
    await recordEvent(tx, context.scope, {
      action: "run.complete",
      object: `run/${context.run.number}`,
      after: {
        pipeline: context.pipeline.name,
        startedBy: context.run.createdBy,
        metrics: result.metrics,
        features: Object.fromEntries([...versions.written].map(([column, { version }]) => [column, version])),
        views,
      },
    });
  });
}

async function claimEnd(tx: Transaction, { run }: RunContext, result: VariantResult, engine: string): Promise<void> {
  const { count } = await tx.run.updateMany({
    where: { id: run.id, attempt: run.attempt, state: "running" },
    data: {
      state: "succeeded",
      progress: 1,
      message: "Done.",
      finishedAt: new Date(),
      metrics: result.metrics,
      rows: BigInt(result.outputs.reduce((sum, output) => sum + output.snapshot.rows, 0)),
      engine,
      environment: {
        tributary: version,
        node: process.version,
        platform: `${os.platform()} ${os.arch()}`,
        processors: os.cpus().length,
        memoryBytes: os.totalmem(),
      },
    },
  });
  if (count !== 1)
    throw new DomainError(
      "conflict",
      `Attempt ${run.attempt} no longer holds run ${run.number}: another worker took it, or it has ended. Nothing was recorded.`,
    );
}

/** Entity → its new dataset version. */
async function recordOutputs(
  tx: Transaction,
  context: RunContext,
  result: VariantResult,
): Promise<Map<string, string>> {
  const { run, pipeline } = context;
  const data = environment().TRIBUTARY_DATA;
  const ids = new Map<string, string>();
  for (const { entity, snapshot } of result.outputs) {
    const dataset = `${entity}@${pipeline.name}`;
    const newest = await tx.datasetVersion.aggregate({
      where: { workspaceId: run.workspaceId, dataset },
      _max: { version: true },
    });
    const row = await tx.datasetVersion.create({
      data: {
        workspaceId: run.workspaceId,
        dataset,
        version: (newest._max.version ?? 0) + 1,
        runId: run.id,
        // Relative, so that the data folder can be moved.
        files: snapshot.files.map((file) => ({ ...file, path: path.relative(data, file.path) })),
        digest: digestOfFiles(snapshot.files),
        rows: BigInt(snapshot.rows),
        timeFrom: snapshot.time && new Date(snapshot.time[0]),
        timeTo: snapshot.time && new Date(snapshot.time[1]),
        createdBy: run.createdBy,
      },
      select: { id: true },
    });
    ids.set(entity, row.id);
  }
  return ids;
}

async function recordValues(
  tx: Transaction,
  context: RunContext,
  result: VariantResult,
  versions: RecordedVersions,
  outputs: Map<string, string>,
): Promise<void> {
  await tx.featureValues.createMany({
    data: result.outputs.flatMap(({ entity, columns }) =>
      columns.flatMap(({ name, column, instance }) => {
        const written = instance === null ? undefined : versions.written.get(column);
        return written
          ? [
              {
                featureVersionId: written.id,
                runId: context.run.id,
                datasetVersionId: outputs.get(entity) as string,
                column: name,
              },
            ]
          : [];
      }),
    ),
  });
}

async function recordStages(tx: Transaction, { run }: RunContext, result: VariantResult): Promise<void> {
  await tx.$executeRaw`
    UPDATE "RunStage" AS s SET "state" = 'done', "rows" = done."rows", "seconds" = done."seconds", "reused" = done."reused"
    FROM jsonb_to_recordset(${JSON.stringify(result.stages)}::jsonb)
      AS done("instance" text, "rows" bigint, "seconds" float8, "reused" boolean)
    WHERE s."runId" = ${run.id} AND s."instance" = done."instance"`;
}

/** Every online view that has a feature of which this run wrote values. Returns their names. */
async function enqueueMaterialisations(
  tx: Transaction,
  { run }: RunContext,
  versions: RecordedVersions,
): Promise<string[]> {
  const views = await tx.featureView.findMany({
    where: {
      workspaceId: run.workspaceId,
      retiredAt: null,
      online: true,
      features: { hasSome: [...versions.written.keys()] },
    },
    orderBy: { name: "asc" },
  });
  for (const view of views) await enqueue(tx, "materialise", { runId: run.id, viewId: view.id });
  return views.map((view) => view.name);
}
