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

/** What an engine found in a source's files. */
export interface SourceDescription extends Omit<DatasetSnapshot, "version"> {
  /** What its readers should know of its values, in sentences with counts: repeated and missing keys, missing times, words read as missing. */
  warnings: string[];
}
