import type { SplitPolicyDefinition } from "../definitions/split-policy";

/** Named rows of every entity: a part of a split, a window of the event time, or both. */
export interface RowSelection {
  part: string;
  split: { policy: SplitPolicyDefinition; parts: string[] } | null;
  /** `[from, to)` on the event time, ISO. */
  window: [string, string] | null;
}
