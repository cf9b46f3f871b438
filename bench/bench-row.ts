/** One line of a benchmark report: what was measured, against what, and whether it stays within its bar. */
export interface BenchRow {
  name: string;
  size: string;
  /** Milliseconds, the median of five runs or more. */
  measured: number;
  /** What `limit` is made of. */
  against: string;
  /** Milliseconds that `measured` is compared with. */
  limit: number;
  /** `measured` / `limit`. */
  ratio: number;
  bar: string;
  ok: boolean;
}
