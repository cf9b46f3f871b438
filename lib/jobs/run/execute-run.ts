import { rm } from "node:fs/promises";
import { log } from "@/lib/config/log";
import { DomainError } from "@/lib/domain/errors";
import { chooseEngine } from "@/lib/domain/runs/engine-support";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";
import { type ClaimedRun, endRun, giveBack } from "@/lib/registry/execution/claims";
import { paramsOf } from "@/lib/registry/stored-json";
import { writeRunLog } from "@/lib/registry/execution/run-log";
import { preparePredict } from "./prepare-predict";
import { prepareVariant } from "./prepare-variant";
import { prepareView } from "./prepare-view";
import type { ProgressWriter } from "./progress-writer";
import { runScoring } from "./run-scoring";

const PREPARE: Record<string, typeof prepareVariant> = { predict: preparePredict, materialise: prepareView };

/** Attempts at a run whose machine, not whose plan, is the trouble. */
const MOST_ATTEMPTS = 3;
const RETRY_AFTER_SECONDS = 5;

/** Runs what was claimed, on the engine that it asks for, to its end: succeeded, failed, canceled, or given back. Never rejects because of the run itself. */
export async function executeRun(run: ClaimedRun, own: Engine, progress: ProgressWriter): Promise<void> {
  let output: string | null = null;
  try {
    const engine = chooseEngine(own, paramsOf(run).engine);
    progress.log("info", `Attempt ${run.attempt} of run ${run.number} begins on the ${engine.name} engine.`);
    const work = await (PREPARE[run.kind] ?? prepareVariant)(run, engine, progress);
    output = work.plan.outputDirectory;
    const result = await engine.runVariant(work.plan, progress);
    const folds: VariantResult[] = [];
    for (const { part, plan } of work.folds ?? []) {
      progress.log("info", `Cross-validation: ${part} is left out.`);
      folds.push(await runScoring(engine, plan, `Cross-validation, ${part}`, progress, { done: 1, total: 1 }));
    }
    progress.signal.throwIfAborted();
    progress.log("info", work.recording);
    await progress.stop();
    await work.record(result, folds);
    await writeRunLog(run.id, "info", "The run is recorded.");
  } catch (error) {
    await progress.stop();
    if (output !== null) await rm(output, { recursive: true, force: true });
    await settle(run, error, progress.signal);
  }
}

async function settle(run: ClaimedRun, error: unknown, signal: AbortSignal): Promise<void> {
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
