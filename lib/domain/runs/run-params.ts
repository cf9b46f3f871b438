import type { EngineName } from "../definitions/engine-name";
import type { PipelineDefinition } from "../definitions/pipeline";
import type { JobKind } from "./job-kinds";

/** What of a run's request is kept with it, so that it can be repeated after the catalogue has moved on. */
export interface RunParams {
  pipeline: string;
  /** The pipeline as it was declared when the run was asked for. */
  definition: PipelineDefinition;
  pins: Record<string, string>;
  /** The engine that runs it; the local one when left out. */
  engine?: EngineName;
  variant: number;
  /** Stage → id of its version. */
  stageVersions: Record<string, string>;
  /** Set for a run of a deployment's job. */
  deployment?: { name: string; job: JobKind; model: string | null };
  /** `[from, to)` on the event time, ISO: rows that a predict run writes; all when left out. */
  window?: [string, string];
  /** Set for a run that computes what a feature view serves. */
  view?: ViewRun;
  /** Source → version of its data that is read, where it is not what the source holds when the run begins. */
  versionAsOf?: Record<string, number>;
  /** Column → stage, of a run that has no variant of a pipeline. */
  choice?: Record<string, string>;
}

export interface ViewRun {
  name: string;
  /** Ids of the feature versions that are computed as they were made. */
  versions: string[];
  /** Columns that have no version yet: of sources, or made as the catalogue says now. */
  columns: string[];
}
