/** Worst last. */
export const VERDICTS = ["safe", "unknown", "leak"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SEVERITIES = ["none", "review", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every reason belongs to one verdict, so a set of reasons is a finding: its verdict is the worst, its reasons those of that verdict. */
export const REASONS = {
  DISJOINT_HASH: "safe",
  DISJOINT_KEYS: "safe",
  DISJOINT_SPLIT: "safe",
  DISJOINT_TIME: "safe",
  EMPTY_ROWSET: "safe",
  EXTERNAL_ATTESTED: "safe",
  MEASURED_DISJOINT: "safe",
  NO_FIT_PROVENANCE: "safe",
  CROSS_DATASET: "unknown",
  EXTERNAL_UNATTESTED: "unknown",
  FIT_UNRECORDED: "unknown",
  HASH_MISMATCH: "unknown",
  MEASUREMENT_INCONCLUSIVE: "unknown",
  NONDETERMINISTIC_SPLIT: "unknown",
  NO_COMMON_KEY: "unknown",
  SPLIT_INCOMPARABLE: "unknown",
  TEMPORAL_UNDECIDED: "unknown",
  UNIT_NOT_DETERMINED: "unknown",
  VERSION_DRIFT: "unknown",
  FIT_COVERS_TEST: "leak",
  FIT_OVERLAPS_TEST: "leak",
  INDEPENDENT_HASH_OVERLAP: "leak",
  LABEL_HORIZON_OVERLAP: "leak",
  LOOKAHEAD_FIT: "leak",
  MEASURED_OVERLAP: "leak",
  TARGET_IN_LINEAGE: "leak",
} as const satisfies Record<string, Verdict>;

export type ReasonCode = keyof typeof REASONS;
export const REASON_CODES = Object.keys(REASONS) as ReasonCode[];

export const WARNING_CODES = [
  "DUPLICATE_ROWS",
  "EVIDENCE_CONFLICT",
  "IN_SAMPLE_STACKING",
  "NO_TEST_ROWS",
  "ONE_CLASS_TEST",
  "OOF_DOES_NOT_PROTECT_TEST",
  "TEST_SET_REUSE",
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];
