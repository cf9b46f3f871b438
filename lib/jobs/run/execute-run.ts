import { rm } from "node:fs/promises";
import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { log } from "@/lib/config/log";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engines/engine";
import { ensureDatasetVersion } from "@/lib/registry/dataset-versions";
import { guardVersion } from "../check-rules";
import { endRun, giveBack } from "./claims";
import type { ProgressWriter } from "./progress-writer";
import { recordRun } from "./record-run";
import { loadRunContext, type RunContext } from "./run-context";
import { buildRunPlan, type ResolvedSource, sourcesOfRun } from "./run-plan";

/** Attempts at a run whose machine, not whose plan, is the trouble. */
const MOST_ATTEMPTS = 3;
const RETRY_AFTER_SECONDS = 5;

/** Runs what was claimed, to its end: succeeded, failed, canceled, or given back. Never rejects because of the run itself. */
export async function executeRun(run: Run, engine: Engine, progress: ProgressWriter): Promise<void> {
  let output: string | null = null;
  try {
    progress.log("info", `Attempt ${run.attempt} of run ${run.number} begins on the ${engine.name} engine.`);
    const context = await loadRunContext(run);
    const sources = await resolveSources(context, engine, progress);
    const plan = await buildRunPlan(context, sources);
    output = plan.plan.outputDirectory;
    const fits = plan.plan.instances.filter((instance) => instance.fit);
    const reused = fits.filter((instance) => instance.fit?.fitted).length;
    progress.log(
      "info",
      `${plan.plan.instances.length} stages, ${fits.length} to fit${reused > 0 ? `, of which ${reused} were fitted on the same rows before` : ""}.`,
    );
    const result = await engine.runVariant(plan.plan, progress);
    progress.signal.throwIfAborted();
    progress.log("info", "Recording feature versions, profiles, drift, usage and verdicts.");
    await progress.stop();
    await recordRun(context, plan, result, engine.name);
    await prisma().runLog.create({ data: { runId: run.id, level: "info", message: "The run is recorded." } });
  } catch (error) {
    await progress.stop();
    if (output !== null) await rm(output, { recursive: true, force: true });
    await settle(run, error, progress.signal);
  }
}

/** Describes every source that the run reads and resolves it to a dataset version. */
async function resolveSources(
  context: RunContext,
  engine: Engine,
  progress: ProgressWriter,
): Promise<Map<string, ResolvedSource>> {
  const sources = sourcesOfRun(context);
  const resolved = new Map<string, ResolvedSource>();
  for (const source of sources) {
    progress.progress({ done: 0, total: 1, instance: null, message: `Reading ${source.name}.` });
    const described = await engine.describe(source);
    const row = await prisma().$transaction(async (tx) => {
      const { id: sourceId } = await tx.source.findUniqueOrThrow({
        where: { workspaceId_name: { workspaceId: context.run.workspaceId, name: source.name } },
        select: { id: true },
      });
      const version = await ensureDatasetVersion(
        tx,
        {
          workspaceId: context.run.workspaceId,
          dataset: source.name,
          sourceId,
          createdBy: context.run.createdBy,
        },
        described,
      );
      await tx.runInput.createMany({
        data: [{ runId: context.run.id, datasetVersionId: version.id }],
        skipDuplicates: true,
      });
      return version;
    });
    await guardVersion(context.scope, source, row, described, engine);
    resolved.set(source.name, {
      datasetVersionId: row.id,
      version: row.version,
      time: described.time,
      snapshot: { ...described, version: row.version },
    });
    progress.log("info", `${source.name}@${row.version}: ${described.rows.toLocaleString("en")} rows.`);
    progress.signal.throwIfAborted();
  }
  return resolved;
}

async function settle(run: Run, error: unknown, signal: AbortSignal): Promise<void> {
  if (signal.aborted && signal.reason === "lost") return;
  if (signal.aborted && signal.reason === "shutdown")
    return giveBack(run, "The worker is stopping; the run begins again when one is there.");
  if (signal.aborted) return void (await endRun(run, { state: "canceled" }));
  if (isInfrastructure(error) && run.attempt < MOST_ATTEMPTS)
    return giveBack(run, `${messageOf(error)} Trying again in ${RETRY_AFTER_SECONDS} seconds.`, RETRY_AFTER_SECONDS);
  if (!(error instanceof DomainError)) log().error({ run: run.id, err: error }, "run failed unexpectedly");
  await endRun(run, {
    state: "failed",
    error:
      error instanceof DomainError
        ? { code: error.code, message: error.message, context: error.context }
        : { code: "unexpected", message: `Something unexpected happened: ${messageOf(error)}` },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of the machine or the connection, so that the same plan may well succeed later. */
function isInfrastructure(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === "unavailable";
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^(P1\d\d\d|P2024|P2034|ECONN|EPIPE|ETIMEDOUT|ENOSPC|EMFILE)/.test(code);
}
