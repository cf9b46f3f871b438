import type { SourceDefinition } from "../definitions/source";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { DatasetSnapshot } from "./dataset-snapshot";

/** Rows of a dataset version that are to be assigned to the parts of a policy. */
export interface AssignmentRequest {
  source: SourceDefinition;
  snapshot: DatasetSnapshot;
  policy: SplitPolicyDefinition;
  /** Absolute path of the Parquet file to write; its folder exists. */
  file: string;
}

/** Rows of one value of the column that a policy stratifies by; `value` is null where it is missing. */
export interface AssignedClass {
  value: string | null;
  rows: number;
  parts: Record<string, number>;
}

/** What was written. */
export interface WrittenAssignment {
  /** SHA-256 over every row key with its part, in the order of the keys: equal for equal assignments, whatever wrote them. */
  digest: string;
  rows: number;
  /** Part → its rows. */
  parts: Record<string, number>;
  /** By value; empty where the policy stratifies by nothing. */
  classes: AssignedClass[];
}

/** The classes of which some part got no row, in words; null when there is none. */
export function describeSmallClasses(column: string, { classes }: Pick<WrittenAssignment, "classes">): string | null {
  const small = classes.filter(({ parts }) => Object.values(parts).some((rows) => rows === 0));
  if (small.length === 0) return null;
  const named = small
    .slice(0, MOST_NAMED)
    .map(({ value, rows, parts }) => {
      const empty = Object.keys(parts).filter((part) => parts[part] === 0);
      return `${value === null ? "the missing value" : `\`${value}\``} (${rows} ${rows === 1 ? "row" : "rows"}, none in ${empty.join(" and ")})`;
    })
    .join(", ");
  const more = small.length > MOST_NAMED ? `, and ${small.length - MOST_NAMED} more` : "";
  return `Too few rows of ${column} for every part: ${named}${more}.`;
}

const MOST_NAMED = 20;
