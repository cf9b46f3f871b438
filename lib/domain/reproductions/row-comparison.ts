/** Two files of rows that should hold the same. */
export interface RowComparisonRequest {
  /** Absolute paths of Parquet files. */
  expected: string;
  found: string;
  /** Columns that tell rows apart; rows that share all of them are paired in the order of their other values. */
  keys: string[];
  /** Relative difference up to which two numbers are the same. */
  tolerance: number;
}

export interface RowComparison {
  rows: { expected: number; found: number };
  /** Whether both hold the same rows to the last bit, in whatever order. */
  identical: boolean;
  /** Columns that only one of the two has. */
  missing: string[];
  extra: string[];
  /** Rows of either that have no partner. */
  unmatched: number;
  /** Columns that are not the same in every pair of rows. */
  columns: {
    name: string;
    /** Pairs beyond the tolerance. */ differing: number;
    /** Largest relative difference. */ largest: number;
  }[];
}
