/** Plain JSON, as it stands in a suite. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const SEVERITIES = ["critical", "warning", "info"] as const;
/** What a failure means: a critical one quarantines the dataset version and blocks promotion. */
export type RuleSeverity = (typeof SEVERITIES)[number];

/** An expectation by Great Expectations' name, with its arguments. */
export interface Rule {
  type: string;
  kwargs: Record<string, Json>;
  severity: RuleSeverity;
  meta?: Record<string, Json>;
}
