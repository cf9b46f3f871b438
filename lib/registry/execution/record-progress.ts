import { prisma } from "@/lib/db/client";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { ClaimedRun } from "./claims";

/** What is new of a run since its progress was recorded last. */
export interface RunProgress {
  /** Share that is done, 0 to 1, and what is being done; null when that is as it was. */
  step: { progress: number; message: string } | null;
  /** In the order in which they were reported. */
  lines: readonly { level: Parameters<RunControl["log"]>[0]; message: string; at: Date }[];
  /** Instance → where its stage stands, with its figures once it is done. */
  stages: ReadonlyMap<string, { state: "running" | "done"; figures?: StageFigures | undefined }>;
}

type StageFigures = Pick<Parameters<NonNullable<RunControl["stage"]>>[0], "rows" | "seconds" | "reused">;

/**
 * Records what the attempt has done, which is also its sign of life.
 * @returns what the registry says back: `lost` when the attempt no longer holds the run, so that nothing was recorded; `cancel`
 * when somebody asked for it
 */
export async function recordProgress(
  { id, attempt }: Pick<ClaimedRun, "id" | "attempt">,
  { step, lines, stages }: RunProgress,
): Promise<"held" | "cancel" | "lost"> {
  return prisma().$transaction(async (tx) => {
    const [held] = await tx.$queryRaw<{ cancelRequestedAt: Date | null }[]>`
      UPDATE "Run" SET "heartbeatAt" = now() AT TIME ZONE 'utc', "updatedAt" = now() AT TIME ZONE 'utc',
        "progress" = greatest("progress", ${step?.progress ?? 0}::float8),
        "message" = CASE WHEN "cancelRequestedAt" IS NULL THEN coalesce(${step?.message ?? null}::text, "message") ELSE "message" END
      WHERE "id" = ${id} AND "attempt" = ${attempt} AND "state" = 'running'
      RETURNING "cancelRequestedAt"`;
    if (!held) return "lost";
    for (const state of ["running", "done"] as const) {
      const instances = [...stages].flatMap(([instance, stage]) => (stage.state === state ? [instance] : []));
      if (instances.length > 0)
        await tx.runStage.updateMany({ where: { runId: id, instance: { in: instances } }, data: { state } });
    }
    for (const [instance, { figures }] of stages) {
      if (!figures) continue;
      const { rows, seconds, reused } = figures;
      await tx.runStage.updateMany({
        where: { runId: id, instance },
        data: { rows: rows === null ? null : BigInt(rows), seconds, reused },
      });
    }
    if (lines.length > 0) await tx.runLog.createMany({ data: lines.map((line) => ({ runId: id, ...line })) });
    return held.cancelRequestedAt ? "cancel" : "held";
  });
}
