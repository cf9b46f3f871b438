import type { DatasetSnapshot } from "../datasets/dataset-snapshot";
import type { ColumnType } from "../definitions/column-type";
import type { Evaluation } from "../outcomes/evaluation";
import type { ColumnStats } from "../profiles/column-stats";
import type { Histogram } from "../statistics/histogram";
import type { FittedModel } from "./fitted-model";
import type { InstanceColumn } from "./variant-plan";

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
  /** Intervals, curves and tables behind the metrics; null when nothing was judged. */
  evaluation: Evaluation | null;
}
