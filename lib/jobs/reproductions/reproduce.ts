import { log } from "@/lib/config/log";
import { judgeLevels, type Level, LEVELS, TOLERANCE } from "@/lib/domain/reproductions/report";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { Engine } from "@/lib/engines/engine";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { beginReproduction, finishReproduction, sayReproduction } from "@/lib/registry/reproductions/reproductions";
import { reproduceRun } from "./reproduce-run";
import { reproduceTraining } from "./reproduce-training";

/** At most so often is progress written. */
const SAY_EVERY_MS = 500;

/** Does something again on what was recorded of it, and writes what came of it. Nothing else that it does is recorded or kept. */
export async function reproduce(
  { reproductionId: id }: Jobs["reproduce"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const row = await beginReproduction(id);
  if (!row) return;
  const started = performance.now();
  const control = controlOf(id, signal);
  const { levels: found, largestDifference } = row.runId
    ? await reproduceRun(row.runId, id, engine, control)
    : await reproduceTraining(row.trainingDatasetId as string, id, engine, control);
  const levels = LEVELS.map(
    (name): Level => found.find((one) => one.name === name) ?? { name, state: "not_reached", findings: [] },
  );
  const seconds = (performance.now() - started) / 1000;
  await finishReproduction(id, { ...judgeLevels(levels), levels, tolerance: TOLERANCE, largestDifference, seconds });
}

/** Carries progress into the registry. A write that fails is a step that nobody sees; what the engine logs is in the run's own log. */
function controlOf(id: string, signal: AbortSignal): RunControl {
  let said = 0;
  return {
    signal,
    progress({ done, total, message }) {
      if (performance.now() - said < SAY_EVERY_MS) return;
      said = performance.now();
      // The last step is comparing, which the engine does not see.
      const share = Math.min(0.95, total > 0 ? done / total : 0);
      sayReproduction(id, share, message).catch((error: unknown) => log().warn({ err: error }, "progress is lost"));
    },
    log: () => undefined,
  };
}
