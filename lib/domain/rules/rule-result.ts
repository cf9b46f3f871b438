import type { Json, Rule } from "../definitions/rule";
import type { PersonalFinding } from "./personal/detect-personal";

/** What an engine found out for one rule. Counts are of the rows that the rule's `row_condition` leaves. */
export type Measured =
  | {
      family: "map";
      elements: number;
      /** Null values; rows that `ignore_row_if` leaves out, for rules on several columns. */
      missing: number;
      unexpected: number;
      /** The first unexpected values in row order, at most 20. */
      sample: Json[];
      /** The 20 most frequent unexpected values with how often each occurs: the most frequent first, then by value. */
      counts: { value: Json; count: number }[];
    }
  | { family: "aggregate"; observed: Json; elements: number; missing: number; details?: Record<string, Json> }
  | { family: "table"; observed: Json }
  | {
      family: "personal";
      elements: number;
      missing: number;
      /** Different values that were looked into, at random. */
      sampled: number;
      found: PersonalFinding[];
      /** Different values in which there is at least one of them. */
      unexpected: number;
      /** What the column's name promises. */
      byName: string | null;
    }
  /** It could not be measured: a column that is not there, a type that does not fit. */
  | { family: "failed"; message: string };

/** How the different values of a column differ from a set. A type and not an interface, so that it can be details. */
export type SetComparison = {
  /** Values that occur and are not in the set. */
  unexpected_count: number;
  /** The first 20 of them, in their order. */
  partial_unexpected_list: Json[];
  /** Values of the set that do not occur. */
  missing_count: number;
  /** The first 20 of them, in the order of the set. */
  partial_missing_list: Json[];
};

/** Great Expectations' result of one expectation. Percentages are 0 to 100. */
export interface RuleResult {
  success: boolean;
  /** The feature whose rule it is; absent for a source's own. */
  feature?: string;
  expectation_config: Rule;
  result: Record<string, Json>;
  exception_info: { raised_exception: boolean; exception_message: string | null; exception_traceback: null };
}

/** Great Expectations' result of a suite. */
export interface SuiteResult {
  success: boolean;
  statistics: {
    evaluated_expectations: number;
    successful_expectations: number;
    unsuccessful_expectations: number;
    /** Null without expectations. */
    success_percent: number | null;
  };
  results: RuleResult[];
}
