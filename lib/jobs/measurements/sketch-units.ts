import { log } from "@/lib/config/log";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engines/engine";
import type { Jobs } from "@/lib/registry/execution/work-queue";
import { findSketch, keepSketch, rowsToSketch } from "@/lib/registry/measurements/sketches";
import { progressControl } from "../progress-control";
import { readableRows } from "./read-units";

/** Keeps a sketch of the units of every row-set that a model version rests on, so that its verdict can be measured when the rows are gone. */
export async function sketchUnits(
  { modelVersionId }: Jobs["sketch-units"],
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const found = await rowsToSketch(modelVersionId);
  if (!found) return;
  const { owner, input, wanted } = found;
  const control = progressControl(signal, () => Promise.resolve());
  for (const rows of wanted) {
    if (await findSketch(owner.workspaceId, input, rows)) continue;
    try {
      const readable = await readableRows(owner, input, rows.rowSet, engine, control);
      if (!readable.isThere) continue;
      const sketch = await engine.sketchUnits({ unit: rows.unit, rows: readable.rows }, signal);
      await keepSketch(owner.workspaceId, input, rows, sketch);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === "canceled" || error.code === "unavailable") throw error;
      log().warn({ err: error, modelVersion: modelVersionId }, "units of a model's rows cannot be sketched");
    }
  }
}
