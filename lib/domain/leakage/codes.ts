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
  "TARGET_PROXY",
  "TEST_SET_REUSE",
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** The key under which the consumer's own rows are judged: it is an estimator too. */
export const CONSUMER = "consumer";

/** The key under which the rows are judged that the consumer's parameters were chosen by. No stage has such a name. */
export const SEARCH = "parameter search";

export const FIX_ACTIONS = [
  "refit_on_train",
  "cut_fit_window",
  "refit_out_of_fold",
  "adopt_split_policy",
  "resplit_by_unit",
  "measure",
  "materialise_split",
  "hold_out_test_rows",
  "record_fit_rows",
  "remove_target",
] as const;
export type FixAction = (typeof FIX_ACTIONS)[number];

/** Those that the planner can plan. */
export const PLANNED_ACTIONS = ["refit_on_train", "adopt_split_policy", "cut_fit_window"] as const;

/** `undecided` is what no proof decides; `all` counts what is proved too, so that a wrong record shows. */
export const MEASURED_SCOPES = ["undecided", "all"] as const;
export type MeasuredScope = (typeof MEASURED_SCOPES)[number];
