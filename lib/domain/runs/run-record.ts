/** What a run records of what it ran in, and of what it drew by. */

export interface RunEnvironment {
  /** Version of the product. */
  tributary: string;
  /** Commit of its code; null where nobody knows. */
  commit: string | null;
  /** Whether the code had changes that are in no commit; null where nobody knows. */
  dirty: boolean | null;
  /** SHA-256 of the lockfile of its packages; null for an installation without one. */
  lockfile: string | null;
  /** Name and version of what computed, such as `duckdb v1.5.5`. */
  engine: string;
  node: string;
  platform: string;
  processors: number;
  memoryBytes: number;
  /** Of the engine: threads, and its limit of memory such as `2GB`. */
  threads: number;
  engineMemory: string;
}

/** What was drawn by a seed: a stage's parameter, its default included, or a split policy's. */
export interface RecordedSeed {
  /** `stage airport_segments` or `split policy drawn`. */
  of: string;
  seed: number;
}
