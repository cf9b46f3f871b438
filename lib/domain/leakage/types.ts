import type { EstimatorClass } from "../definitions/stage";
import type { TargetProxy } from "../outcomes/target-proxies";

/** Half-open `[from, to)`. ISO 8601 dates or instants, naive ones in UTC; null is unbounded. */
export type TimeWindow = readonly [string | null, string | null];

/**
 * A bound of keys. Integers beyond 2^53 are bigints or decimal texts, since a number has lost their last digits. Texts that
 * are no integers compare by UTF-16 code unit.
 */
export type KeyBound = number | bigint | string;

/** Half-open `[low, high)`; null is unbounded. */
export type KeyRange = readonly [KeyBound | null, KeyBound | null];

/** Rows of one dataset version that meet every condition given. */
export interface Box {
  dataset: string;
  version: string;
  /** Rows in any of the parts of a policy: of one version of it, where a registry recorded which. */
  split?: {
    policy: string;
    version?: number;
    parts: readonly string[];
    /** Digest of the materialised assignment that the parts were read from; `PLANNED_ASSIGNMENT` where a run will materialise it. */
    assignment?: string;
  };
  /** A window of the dataset's time column. */
  time?: TimeWindow;
  keys?: { column: string; range: KeyRange };
}

/** A union of boxes. */
export type RowSet = readonly Box[];

export interface HashPolicy {
  type: "hash";
  algo: string;
  key: string;
  salt: string;
  buckets: number;
  /** Half-open ranges of buckets. */
  parts: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

interface TimePolicy {
  type: "time";
  column: string;
  parts: Readonly<Record<string, TimeWindow>>;
}

/** Bound to one dataset version; trusted only when the assignment was written down, which a box may say too. */
export interface RandomPolicy {
  type: "random";
  seed?: number;
  fractions?: readonly number[];
  materialized: boolean;
  parts: readonly string[];
  /** Name of the source whose rows are assigned. */
  source?: string;
  /** Column whose values have equal shares in every part. */
  stratify?: string;
}

/** The assignment of a box that is planned: a run materialises it before it fits, and records its digest. */
export const PLANNED_ASSIGNMENT = "planned";

export type SplitPolicy = HashPolicy | TimePolicy | RandomPolicy;

export interface DatasetFacts {
  columns: readonly string[];
  rowKey: readonly string[];
  timeColumn?: string | null;
  /** A later version holds every row of an earlier one, unchanged. */
  appendOnly?: boolean;
  /** By version: the range that holds the time of every row, when a profile recorded it. */
  versions: Readonly<Record<string, { time?: TimeWindow | null }>>;
}

export interface Transformer {
  id: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

/** The rows a fit saw; null when nobody recorded them; external when it happened elsewhere. */
export type Fit = RowSet | null | { external: true; attested: boolean };

export interface EstimatorFit extends Transformer {
  class: EstimatorClass;
  /** Needed to fit, not to predict: labels. */
  fitInputs: readonly string[];
  fit: Fit;
  /** Days after a row's time until its label is known. */
  labelHorizonDays?: number;
  /** Values for the fit's own rows came from folds that left the row out. */
  oof?: boolean;
}

export interface Consumer {
  /** What people call it. */
  name?: string;
  features: readonly string[];
  label?: string | null;
  /** The columns whose shared value counts as leakage. */
  unit: readonly string[];
  /** Whether it predicts what happens after the rows it was fitted on. */
  temporal?: boolean;
  /** The rows it was fitted on itself; null when nobody recorded them, empty when that is not to be judged. */
  train: RowSet | null;
  /** The rows that its parameters were chosen by; left out where nothing was chosen. */
  selection?: RowSet;
  test: RowSet;
  /** Number of distinct units in the test rows. */
  testUnits?: number;
  /** Test rows that were scored, and how many different labels they have, where they were counted. */
  testRows?: number;
  testClasses?: number;
  /** Test rows that agree in all features with a training row, of how many. */
  testDuplicates?: { rows: number; of: number };
  /** Features that tell the label alone on validation rows, as an engine measured them. */
  targetProxies?: readonly TargetProxy[];
  /** How often the test rows were scored, and how often they may be. */
  testScored?: number;
  testScoredLimit?: number;
}

/** What an engine counted about the unit keys that an estimator's fit shares with the test rows. */
export type Measurement = { estimator: string } & (
  | {
      method: "exact";
      intersection: number;
      /** Test rows of those units, of how many. */
      testRows?: { shared: number; of: number };
      /** Rows of both sides that lack a value of the unit, so that nobody knows whether they share one. */
      withoutUnit?: number;
    }
  /** A Bloom filter of the fit keys, probed with `queries` test keys; `fpr` is its false-positive rate. */
  | { method: "bloom"; queries: number; hits: number; fpr: number }
  /** Theta sketches of both sides: hashes retained by both, and whether both are still exact. */
  | { method: "theta"; common: number; exact: boolean; withoutUnit?: number }
  /** HyperLogLog: lower confidence bound of |fit| + |test| − |fit ∪ test|. */
  | { method: "hll"; lowerBound: number }
);

/** What is true of all consumers: the datasets, policies, stages and their fits. */
export interface FittedWorld {
  datasets: Readonly<Record<string, DatasetFacts>>;
  /** By `policyKey`. */
  policies: Readonly<Record<string, SplitPolicy>>;
  estimators: readonly EstimatorFit[];
  transformers: readonly Transformer[];
}

export interface LeakageInput extends FittedWorld {
  consumer: Consumer;
  measurements: readonly Measurement[];
}
