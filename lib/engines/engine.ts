import type { Histogram } from "@/lib/domain/statistics/histogram";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { ProfileWindow, SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { RowSet } from "@/lib/domain/leakage/types";
import type { ColumnStats } from "@/lib/domain/profile/column-stats";
import type { Slice } from "@/lib/domain/profile/slice";
import type { Measured, Rule } from "@/lib/domain/rules/rule";

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
      /** Without edges it gets those of all its rows: of a key or time the first window says nothing about the next. */
      edgesOfAll?: boolean;
    })[];
    selections: RowSelection[];
    /**
     * Also one profile for each day, week (from Monday) or calendar month of the event time, named as the selection of all
     * rows is.
     */
    every: ProfileWindow | null;
  };
  /**
   * `[from, to)` on the event time, ISO: only these rows of an entity with an event time are written out. What rolls over
   * earlier rows still reads them.
   */
  window?: [string, string] | null;
  /** Folder that finished files are moved into by one rename each. */
  outputDirectory: string;
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
  /**
   * The file's value columns. A `reusable` one can be given as `values` to a later run: rows are told apart by keys and
   * event time, and they are all the rows that its writer wrote and no others. Never so in a window.
   */
  columns: (InstanceColumn & { type: ColumnType; reusable: boolean })[];
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

/** Files that hold a column for rows of an entity. A row that several files hold counts as the last of them has it. */
export interface ColumnFiles {
  /** Absolute paths. Outputs of runs: join keys, the event time of an entity that has one, and the column by its name. */
  files: string[];
  column: string;
}

export type OutcomeTask = "classification" | "regression";

/** With `source` the files are read as that source declares them. */
export type ValueFiles = ColumnFiles & { source?: SourceDefinition };

/** Several predictions of one label, each judged on rows of its own. */
export interface OutcomeRequest {
  entity: EntityDefinition;
  /** Probabilities of a yes against a true/false label, or numbers against a number. */
  task: OutcomeTask;
  label: ValueFiles;
  /** Its key is a join key, or a column of the label's files: then rows without a label are in nobody's part. */
  policy: Extract<SplitPolicyDefinition, { type: "hash" }>;
  arms: (ColumnFiles & {
    name: string;
    /** Parts of the policy whose rows this arm is judged on. */ parts: string[];
  })[];
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
}

export type OutcomeMetric = "logLoss" | "brier" | "error" | "squaredError" | "absoluteError";

/** What is needed of some rows to tell their metrics from those of other rows, which are independent of them. */
export interface OutcomeFigures {
  /** Rows with a prediction and a label: `n` of every figure below. */
  n: number;
  /** Rows with a label whose prediction is absent, null, NaN or infinite. */
  missingPredictions: number;
  /** Rows with a prediction whose label is absent, null, NaN or infinite. */
  missingLabels: number;
  /**
   * Mean over rows, and the sample variance of one row's value (divisor n − 1; null for fewer than two rows): the mean's
   * variance is `variance / n`. With prediction p and label y, of a classification `logLoss` −ln(p) for a yes and
   * −ln(1 − p) for a no, p kept 1e-15 from 0 and 1; `brier` (p − y)²; `error` 1 where p ≥ 0.5 is not y; of a regression
   * `squaredError` (p − y)² and `absoluteError` |p − y|. Without rows there is none.
   */
  metrics: Partial<Record<OutcomeMetric, { mean: number; variance: number | null }>>;
  /**
   * Share of pairs of a yes and a no in which the yes has the higher prediction, ties half; `variance` is that of this
   * estimate (DeLong, DeLong and Clarke-Pearson 1988), null with fewer than two of a class. Null for a regression and
   * when only one class occurs.
   */
  auc: { value: number; variance: number | null } | null;
  /** Rows whose label is a yes; null for a regression. */
  positives: number | null;
}

export interface ArmOutcomes extends OutcomeFigures {
  name: string;
}

/** Predictions of one model over time with what came of them. */
export interface OutcomeWindowsRequest {
  /** Has an event time, by which rows are put into windows. */
  entity: EntityDefinition;
  task: OutcomeTask;
  /** Of a row that several hold, the last counts. */
  predictions: ValueFiles[];
  labels: ValueFiles[];
  /** Rows of these parts only: what a model was evaluated on. */
  parts: { policy: SplitPolicyDefinition; parts: string[] } | null;
  /** `[from, to)` on the event time, ISO. */
  range: [string, string] | null;
  /** Calendar windows in UTC, weeks from Monday; null takes all rows as one. */
  window: "day" | "week" | "month" | null;
}

export interface OutcomeWindow extends OutcomeFigures {
  /** Begin of the window, ISO; null for all rows as one. */
  from: string | null;
}

/** Files with further columns of rows, found by their keys and event time. Of several such rows the first counts. */
export interface JoinedRows {
  /** How the files are read; null for files that a run wrote. */
  source: SourceDefinition | null;
  snapshot: DatasetSnapshot;
  /** By the same names in both. */
  keys: { name: string; type: ColumnType }[];
  /** Column with the event time in the dataset and in these files; null where rows hold at all times. */
  time: { own: string; theirs: string } | null;
  columns: { name: string; type: ColumnType }[];
}

/** Some rows of a dataset version, to be looked at one by one. */
export interface SampleRequest {
  /** How the files are read; null for files that a run wrote. */
  source: SourceDefinition | null;
  snapshot: DatasetSnapshot;
  /** Columns by the source's names, or the output's, or those of the files that are joined. */
  columns: { name: string; type: ColumnType }[];
  joined: JoinedRows[];
  /** At most so many. */
  rows: number;
  slice: (Slice & { type: ColumnType }) | null;
  /** Parts of the rows; a row belongs to the first that has it. `null` when rows have none. */
  parts: {
    labels: { name: string; split: RowSelection["split"] }[];
    /** Column with the event time, which a time policy goes by. */
    time: string | null;
    /** Columns that a hash policy may go by. */
    keys: string[];
    /** Only rows of these parts; null for all rows. */
    only: string[] | null;
  } | null;
}

/** A column of sampled rows as JSON carries it. */
export type SampledColumn = { name: string; type: ColumnType } & (
  | {
      /** `instants` are milliseconds since 1970. */
      kind: "numbers" | "instants";
      /** What JSON has no number for is text: "NaN", "Infinity", "-Infinity", integers beyond 2^53 in decimal. */
      values: (number | string | null)[];
    }
  | {
      /** Truth values as true and false; lists as the text of their first 20 values; at most 200 characters. */
      kind: "texts";
      dictionary: string[];
      /** Row → place in the dictionary; null for a missing value. */
      codes: (number | null)[];
    }
);

export interface RowSample {
  /** Rows of the dataset version. */
  rows: number;
  /** Rows in the slice and the wanted parts, of which the sample is drawn. */
  matched: number;
  columns: SampledColumn[];
  /** The part of each row, null in none; null when rows have no parts. */
  part: { dictionary: string[]; codes: (number | null)[] } | null;
}

/** An output of a run that rules are checked on, with what the run knows of it. */
export interface OutputToCheck {
  entity: EntityDefinition;
  /** Absolute paths. */
  files: string[];
  /** `file` is the column's name in the files, `name` without the entity. Keys and the event time are there besides. */
  columns: { name: string; file: string; type: ColumnType }[];
  /** Rows that the run's models are trained on. */
  train: RowSelection["split"];
  /** Column → milliseconds that its stage took. */
  milliseconds: Record<string, number>;
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
  /**
   * Rows of a source in each window `[from, to)` of its time column, ISO, in the order asked. Throws `invalid` for a source
   * without one.
   */
  countRows(source: SourceDefinition, windows: [string, string][]): Promise<number[]>;
  /**
   * Measures rules on a source's files, in the rules' order. A rule that cannot be measured has family `failed`; files that are
   * gone or changed reject the whole.
   */
  measureRules(source: SourceDefinition, snapshot: DatasetSnapshot, rules: readonly Rule[]): Promise<Measured[]>;
  /** The same on files that a run wrote. Throws `invalid` when they cannot be read. */
  measureOutputRules(output: OutputToCheck, rules: readonly Rule[]): Promise<Measured[]>;
  /** Runs a variant. Rejects with DomainError `canceled` on abort; nothing appears under `outputDirectory` unless it is whole. */
  runVariant(plan: VariantPlan, control: RunControl): Promise<VariantResult>;
  /** Judges every arm on the rows that the policy assigns to it. Throws `invalid` for labels and predictions that cannot be judged. */
  compareOutcomes(request: OutcomeRequest, signal?: AbortSignal): Promise<ArmOutcomes[]>;
  /**
   * Rows of a dataset version, in the order of its files, drawn at random but the same for the same question. Throws `not_found`
   * when a file is gone, `conflict` when a source's file changed since, `invalid` when the question does not fit the files.
   */
  sampleRows(request: SampleRequest, signal?: AbortSignal): Promise<RowSample>;
  /**
   * Judges predictions by what came of them, window by window in order of time; a window has at least one prediction. Throws
   * `invalid` for values that cannot be judged.
   */
  measureOutcomes(request: OutcomeWindowsRequest, signal?: AbortSignal): Promise<OutcomeWindow[]>;
  /**
   * Streams rows of an output file to the caller in batches: newest row per key when `latestBy` is given, of those that are not
   * after `asOf` (ISO instant). With `sample`, so many keys, the same for the same seed in every file that has them: `$order` says
   * which come first.
   */
  readRows(
    file: string,
    options: {
      columns: string[];
      keys: string[];
      latestBy?: string;
      asOf?: string;
      sample?: { rows: number; seed: string };
      batch?: number;
    },
  ): AsyncIterable<Record<string, unknown>[]>;
}
