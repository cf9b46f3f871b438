/**
 * A value as JSON has it: an instant is ISO text, an integer beyond 2^53 decimal text, and what is not finite one of the words
 * `NaN`, `Infinity` and `-Infinity`.
 */
export type TestValue = boolean | number | string | null | (number | string | null)[];

/** Bare column → value. A column that is left out is missing. */
export type TestRow = Record<string, TestValue>;

/** Small rows, and what the stage must make of them. */
export interface StageTest {
  name: string;
  /**
   * Entity → its rows. Join keys that are left out count from 1, an event time that is left out is 1970-01-01. What the stage
   * reads is given as it is: nothing that runs before the stage runs in a test.
   */
  rows: Record<string, TestRow[]>;
  /** Rows to fit an estimator on; without it, `rows`. */
  fit?: Record<string, TestRow[]>;
  /**
   * Every output of every row that comes out. Row by row as `rows` are given; of a stage with `from`, in any order, with join keys
   * and event time. Exactly one of `expect` and `error`.
   */
  expect?: TestRow[];
  /** Largest difference of a double that is none; default 1e-9, relative to an expected value above 1. */
  tolerance?: number;
  /** A part of the message with which the stage must refuse the rows. */
  error?: string;
}
