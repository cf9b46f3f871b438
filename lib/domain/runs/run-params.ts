import type { PipelineDefinition } from "../definitions/pipeline";
import type { JobKind } from "./job-kinds";

/** What of a run's request is kept with it, so that it can be repeated after the catalogue has moved on. */
export interface RunParams {
  pipeline: string;
  /** The pipeline as it was declared when the run was asked for. */
  definition: PipelineDefinition;
  pins: Record<string, string>;
  variant: number;
  /** Stage → id of its version. */
  stageVersions: Record<string, string>;
  /** Set for a run of a deployment's job. */
  deployment?: { name: string; job: JobKind; model: string | null };
  /** `[from, to)` on the event time, ISO: rows that a predict run writes; all when left out. */
  window?: [string, string];
}
