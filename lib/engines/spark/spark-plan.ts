/** What the driver is told to do, as the JSON file that it reads: driver/tributary_driver.py is the other side of every name here. */

/** A column with the Spark SQL that makes it. */
export interface SparkColumn {
  as: string;
  sql: string;
}

/** Rows of a Parquet file under new names. */
export interface SparkRows {
  frame: string;
  file: string;
  columns: { from: string; as: string }[];
}

/** Columns of another frame's row that is found by equal values: the only one, or the newest at or before this row's time. */
interface LookupStep {
  step: "lookup";
  frame: string;
  from: string;
  on: { own: string; other: string }[];
  /** Null: no time. `own` null: the newest of all. */
  time: { own: string | null; other: string } | null;
  columns: { from: string; as: string; categories?: number; /** Of a list that becomes a vector: where it says in which rows it is there. */ ok?: string }[]; // prettier-ignore
}

interface StageStep {
  instance: string;
  stage: string;
  operator: string;
  frame: string;
}

interface SqlStep extends StageStep {
  step: "sql";
  columns: SparkColumn[];
}

/** Rows that a stage cannot take; `{size0}` in a condition stands for the labels or categories of the first input. */
export interface RefusedRows {
  column: string;
  condition: string;
  problem: string;
  advice: string;
}

export interface OperatorStep extends StageStep {
  step: "operator";
  /** Spark ML's class, in full. */
  className: string;
  /** By Spark's names. */
  params: Record<string, unknown>;
  /** Set on what was fitted before it scores, and not on what is saved. */
  scoring: Record<string, unknown>;
  /** Made for the stage alone, and gone after it. */
  before: (SparkColumn & { /** A column whose category numbers these are. */ like?: string })[];
  fit: {
    /** Rows of the split. */
    rows: string;
    /** Those of them that have all that the fit reads. */
    usable: string;
    /** What the rows are, for the message when there are none. */
    words: string;
    /** What is fitted to tell classes apart: its label, and whether only two can be told apart. */
    classes: { label: string; column: string; binary: boolean } | null;
  } | null;
  /** Folder of what was fitted: written after a fit, read where there is none. */
  saved: string | null;
  /** Vectors as lists of numbers. */
  lists: { from: string; as: string }[];
  refused: RefusedRows[];
  after: (SparkColumn & { categoriesOf?: number })[];
}

export type SparkStep = LookupStep | SqlStep | OperatorStep;

export interface SparkOutput {
  frame: string;
  folder: string;
  columns: (SparkColumn & {
    /** A vector, written as a list; `sql` says in which rows it is there. */ vector?: string;
  })[];
}

export interface SparkPlan {
  format: 1;
  /** Told in every event, so that those of a driver of before are known. */
  attempt: string;
  application: string;
  events: string;
  lease: string;
  rows: SparkRows[];
  steps: SparkStep[];
  outputs: SparkOutput[];
}

/** What Spark learned, by Spark's names of it. */
export interface SparkFit {
  /** Rows of the split, and those of them that were used. */
  rows: number;
  used: number;
  seconds: number;
  learned: Record<string, unknown>;
}
