import type { Json } from "../definitions/rule";

/** One thing that is otherwise than a test expected. */
export interface TestDifference {
  /** `row 2`, or the row's join keys and event time. */
  row: string;
  /** Bare column; null for a row that is missing, or that nobody expected. */
  column: string | null;
  /** Null with `column` null for a row that nobody expected. */
  expected: Json;
  found: Json;
}

/** What a stage made of a test's rows. */
export interface StageTestResult {
  stage: string;
  test: string;
  passed: boolean;
  seconds: number;
  /** Why the stage could not do it, or that it took rows that it should have refused; null where rows were compared. */
  error: string | null;
  differences: TestDifference[];
}
