import type { Histogram } from "@/lib/domain/drift/histogram";
import type {
  ColumnType,
  EntityDefinition,
  SourceDefinition,
  SplitPolicyDefinition,
  StageDefinition,
} from "@/lib/domain/definitions";
import type { RowSet } from "@/lib/domain/leakage/types";

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

/** A fitted stage is data plus an SQL expression; `params` is what was learned, `expressions` how to score with it. */
export interface FittedModel {
  operator: string;
  /** Learned values as JSON: means, labels, centres, coefficients, the tree. */
  learned: Record<string, unknown>;
  /** Output column → DuckDB SQL over the stage's bare input columns. A person can read it on the stage's page. */
  expressions: Record<string, string>;
  /** Figures of the fit itself: iterations, cost, depth. */
  summary: Record<string, number | string>;
}

/** One stage instance of a variant, ready to run. */
export interface EngineInstance {
  key: string;
  stage: StageDefinition;
  /** `entity.column` → key of the instance that writes it, or null for a source column. */
  inputs: Record<string, string | null>;
  fit?: {
    fingerprint: string;
    /** Rows to fit on, as boxes over source datasets. */
    rowSet: RowSet;
    /** How to select them in an entity's frame. `null` is every row. */
    split: { policy: SplitPolicyDefinition; parts: string[] } | null;
    /** Set when an equal fingerprint was fitted before: it is used, not refitted. */
    fitted?: FittedModel;
  };
  /**
   * Set when equal values were written before: they are read from the file, by the entity's row key, and the stage does
   * not run. Every output that somebody reads is in it.
   */
  values?: { file: string; /** `entity.column` → the column's name in the file. */ columns: Record<string, string> };
}

/** A column as one instance writes it. Where several variants run at once the same column has several writers. */
export interface WrittenColumn {
  /** `entity.column`. */
  column: string;
  /** Key of the writer; null for a source's column. */
  instance: string | null;
}

/** A column with a name of its own among those of all writers. */
export interface InstanceColumn extends WrittenColumn {
  /** Its name in the output file, without the entity: the bare column, or `segment__airport_bands` at a fork. */
  name: string;
}

/** Named rows of every entity: a part of a split, a window of the event time, or both. */
export interface RowSelection {
  part: string;
  split: { policy: SplitPolicyDefinition; parts: string[] } | null;
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
}

export interface VariantPlan {
  entities: EntityDefinition[];
  sources: { definition: SourceDefinition; snapshot: DatasetSnapshot }[];
  /** In an order in which every input is written before it is read. */
  instances: EngineInstance[];
  /** What is written out, one Parquet file per entity. Names of an entity's columns are different. */
  materialise: InstanceColumn[];
  evaluate?: {
    /** The probability or class that is judged. */
    prediction: WrittenColumn;
    label: WrittenColumn;
    selections: RowSelection[];
  };
  profile: {
    /** Columns to profile, with the histogram edges to use where a reference profile has fixed them. */
    columns: (WrittenColumn & {
      edges: Histogram | null;
      /** The same for the equal-width histogram. */
      equalWidth?: Histogram | null;
    })[];
    selections: RowSelection[];
    /** Also one profile per calendar month of the event time. */
    byMonth: boolean;
  };
  /**
   * `[from, to)` on the event time, ISO: only these rows of an entity with an event time are written out. What rolls over
   * earlier rows still reads them.
   */
  window?: [string, string] | null;
  /** Folder that finished files are moved into by one rename each. */
  outputDirectory: string;
}

/** Common, numeric and categorical figures of one column over one selection. Members that do not apply are absent. */
export interface ColumnStats {
  rows: number;
  missing: number;
  distinct?: number;
  zeros?: number;
  negative?: number;
  nan?: number;
  positiveInfinity?: number;
  negativeInfinity?: number;
  min?: number | string;
  max?: number | string;
  mean?: number;
  sampleStd?: number;
  populationStd?: number;
  skew?: number;
  /** Probability → type-7 quantile; keys "0.01", "0.05", "0.1" … "0.9", "0.95", "0.99". */
  quantiles?: Record<string, number>;
  top?: { value: string; count: number }[];
  averageLength?: number;
  emptyStrings?: number;
}

export interface ColumnProfile {
  column: string;
  /** Key of the instance that wrote the column, null for a source column. */
  instance: string | null;
  part: string;
  /** `[from, to)` of the event time, null for all time. */
  window: [string, string] | null;
  stats: ColumnStats;
  /** Quantile edges for PSI and equal-width edges for the eye, both fixed by the reference profile. */
  histogram: Histogram;
  equalWidth: Histogram | null;
}

export interface EntityOutput {
  entity: string;
  snapshot: Omit<DatasetSnapshot, "version">;
  /** The file's value columns. */
  columns: (InstanceColumn & { type: ColumnType })[];
}

export interface VariantResult {
  outputs: EntityOutput[];
  fits: { instance: string; fingerprint: string; model: FittedModel; rows: number; seconds: number; reused: boolean }[];
  stages: { instance: string; rows: number | null; seconds: number; reused: boolean }[];
  profiles: ColumnProfile[];
  /** Part → metric → value: `{ test: { auc: 0.61, logLoss: 0.5, rows: 502228 } }`. */
  metrics: Record<string, Record<string, number>>;
}

export interface RunControl {
  signal: AbortSignal;
  /** `done` and `total` in steps; called at every stage and often enough inside long ones. */
  progress(update: { done: number; total: number; instance: string | null; message: string }): void;
  log(level: "info" | "warn" | "error", message: string): void;
}

/** Column → why this engine cannot run the stage, found before anything runs. */
export interface UnsupportedStage {
  stage: string;
  operator: string;
  reason: string;
}

/** One interface, however the work is done. */
export interface Engine {
  readonly name: string;
  /** What the engine cannot run, by name, at plan time. */
  unsupported(stages: StageDefinition[]): UnsupportedStage[];
  /** Reads a source's files: digests, rows, time range; fails when a declared column is missing or has another type. */
  describe(source: SourceDefinition): Promise<Omit<DatasetSnapshot, "version">>;
  /** Runs a variant. Rejects with DomainError `canceled` on abort; nothing appears under `outputDirectory` unless it is whole. */
  runVariant(plan: VariantPlan, control: RunControl): Promise<VariantResult>;
  /** Streams rows of an output file to the caller in batches: newest row per key when `latestBy` is given. */
  readRows(
    file: string,
    options: { columns: string[]; keys: string[]; latestBy?: string; batch?: number },
  ): AsyncIterable<Record<string, unknown>[]>;
}
