import type { Engine } from "@/lib/engines/engine";
import type { ClaimedRun } from "@/lib/registry/execution/claims";
import { beginViewRun } from "@/lib/registry/execution/view-context";
import { prepareContext, type RunWork } from "./prepare-variant";
import type { ProgressWriter } from "./progress-writer";

/**
 * A run that computes what is missing of a feature view, by the versions that its environments serve, and takes their newest
 * fits: a schedule must not change a model. Equal values that are there are read.
 */
export async function prepareView(run: ClaimedRun, engine: Engine, progress: ProgressWriter): Promise<RunWork> {
  return prepareContext(await beginViewRun(run), engine, progress);
}
