import { rm } from "node:fs/promises";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { VariantResult } from "@/lib/domain/runs/variant-result";
import type { Engine } from "@/lib/engines/engine";
import type { ProgressWriter } from "./progress-writer";

/**
 * Runs a plan that only scores. The stages' states are those of the run itself, and this moves none of them; its folder is empty when it
 * is done.
 * @param words what is scored, for the log and the progress
 * @param at how far the run is, in steps
 */
export async function runScoring(
  engine: Engine,
  plan: VariantPlan,
  words: string,
  run: ProgressWriter,
  at: { done: number; total: number },
): Promise<VariantResult> {
  try {
    return await engine.runVariant(plan, {
      signal: run.signal,
      // What goes as it should is in the log once, by its score.
      log: (level, message) => (level === "info" ? undefined : run.log(level, `${words}: ${message}`)),
      progress: ({ message }) => run.progress({ ...at, instance: null, message: `${words}: ${message}` }),
    });
  } finally {
    await rm(plan.outputDirectory, { recursive: true, force: true });
  }
}
