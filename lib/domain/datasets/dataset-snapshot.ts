/** An immutable snapshot of a source or of an output: files by content. */
export interface DatasetSnapshot {
  dataset: string;
  version: number;
  /** Absolute paths, readable by the engine. */
  files: { path: string; sha256: string; bytes: number }[];
  rows: number;
  /** First and last value of the time column, ISO; null without one. */
  time: [string, string] | null;
}
