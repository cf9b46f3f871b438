import type { PolicyParts } from "../definitions/split-rule";

/** Named rows of every entity: a part of a split, a window of the event time, or both. */
export interface RowSelection {
  part: string;
  split: PolicyParts | null;
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
}
