import { judgeLevels, type Level, LEVELS, TOLERANCE } from "@/lib/domain/reproductions/report";
import type { Engine } from "@/lib/engines/engine";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { beginReproduction, finishReproduction, sayReproduction } from "@/lib/registry/reproductions/reproductions";
import { progressControl } from "../progress-control";
import { reproduceRun } from "./reproduce-run";
import { reproduceTraining } from "./reproduce-training";

/** Does something again on what was recorded of it, and writes what came of it. Nothing else that it does is recorded or kept. */
export async function reproduce(
  { reproductionId: id }: Jobs["reproduce"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const row = await beginReproduction(id);
  if (!row) return;
  const started = performance.now();
  const control = progressControl(signal, (share, message) => sayReproduction(id, share, message));
  const { levels: found, largestDifference } = row.runId
    ? await reproduceRun(row.runId, id, engine, control)
    : await reproduceTraining(row.trainingDatasetId as string, id, engine, control);
  const levels = LEVELS.map(
    (name): Level => found.find((one) => one.name === name) ?? { name, state: "not_reached", findings: [] },
  );
  const seconds = (performance.now() - started) / 1000;
  await finishReproduction(id, { ...judgeLevels(levels), levels, tolerance: TOLERANCE, largestDifference, seconds });
}
