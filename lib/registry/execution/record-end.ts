import path from "node:path";
import { environment } from "@/lib/config/environment";
import type { Transaction } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import { digestOfFiles } from "../datasets/versions";
import { moveRuns } from "../runs/move-runs";
import type { RunContext } from "./run-context";
import { runEnvironment } from "./run-environment";
import { seedsOf } from "./seeds";
import { asJson } from "../stored-json";

/**
 * Ends a run that succeeded. Throws `conflict` when another attempt holds it, or it was canceled; then nothing may be recorded.
 */
export async function claimEnd(
  tx: Transaction,
  context: RunContext,
  result: VariantResult,
  engine: EngineIdentity,
): Promise<void> {
  const { run } = context;
  const { id, attempt } = run;
  const moved = await moveRuns(
    tx,
    "succeed",
    { id, attempt },
    {
      progress: 1,
      message: "Done.",
      finishedAt: new Date(),
      metrics: result.metrics,
      rows: BigInt(result.outputs.reduce((sum, output) => sum + output.snapshot.rows, 0)),
      engine: engine.name,
      environment: asJson(runEnvironment(engine)),
      seeds: seedsOf(context).map(asJson),
    },
  );
  if (moved.length === 0)
    throw new DomainError(
      "conflict",
      `Attempt ${attempt} no longer holds run ${run.number}: another worker took it, or it has ended. Nothing was recorded.`,
    );
}

/** Versions are numbered one run after the other. */
export async function lockVersions(tx: Transaction, { run }: RunContext): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`versions:${run.workspaceId}`}, 0))`;
}

/**
 * @param owner what the dataset is named after: `entity@owner`
 * @returns entity → its new dataset version
 */
export async function recordOutputs(
  tx: Transaction,
  { run }: RunContext,
  owner: string,
  result: VariantResult,
): Promise<Map<string, string>> {
  const data = environment().TRIBUTARY_DATA;
  const ids = new Map<string, string>();
  for (const { entity, snapshot } of result.outputs) {
    const dataset = `${entity}@${owner}`;
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

/**
 * @param saved instance → seconds that its fit took when it was made, where it was used again
 * @param reasons instance → why its estimator was fitted anew, or which fit was used again; of any stage, why what
 * was promised was not used
 */
export async function recordStages(
  tx: Transaction,
  { run }: RunContext,
  result: VariantResult,
  saved: ReadonlyMap<string, number> = new Map(),
  reasons: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const done = result.stages.map((stage) => ({
    ...stage,
    saved: saved.get(stage.instance) ?? null,
    reason: reasons.get(stage.instance) ?? null,
  }));
  await tx.$executeRaw`
    UPDATE "RunStage" AS s SET "state" = 'done', "rows" = done."rows", "seconds" = done."seconds",
      "reused" = done."reused", "savedSeconds" = done."saved", "reason" = done."reason"
    FROM jsonb_to_recordset(${JSON.stringify(done)}::jsonb)
      AS done("instance" text, "rows" bigint, "seconds" float8, "reused" boolean, "saved" float8, "reason" text)
    WHERE s."runId" = ${run.id} AND s."instance" = done."instance"`;
}
