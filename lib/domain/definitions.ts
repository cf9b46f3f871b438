import type { DriftMetric } from "./drift/drift-metrics";
import type { Environment } from "./environments";
import type { ConceptMonitorDefinition } from "./monitors/concept-definition";
import type { Rule } from "./rules/rule";

/**
 * The declared objects of a workspace as plain data: what a spec document says, after parsing.
 * `lib/contracts/specs.ts` parses YAML and JSON into these; nothing here knows about files or requests.
 */

export const COLUMN_TYPES = [
  "boolean",
  "bigint",
  "double",
  "string",
  "date",
  "timestamp",
  /** List of doubles: what Spark ML calls a vector. */
  "vector",
  /** List of strings: tokens of a text. */
  "strings",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const ESTIMATOR_CLASSES = ["statistic", "unsupervised", "selection", "supervised"] as const;
export type EstimatorClass = (typeof ESTIMATOR_CLASSES)[number];

export const SENSITIVITIES = ["none", "internal", "personal", "special"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** What every declared object may carry. */
export interface Documented {
  description?: string;
  owner?: string;
  tags?: string[];
}

export interface WorkspaceDefinition {
  kind: "Workspace";
  name: string;
  title?: string;
  description?: string;
  /** Name of the split policy that teams share unless they say otherwise. */
  defaultSplit?: string;
}

export interface Relation {
  name: string;
  /** The entity it leads to. */
  entity: string;
  /** Column of this entity that holds the other's join key. */
  by: string;
}

export interface EntityDefinition extends Documented {
  kind: "Entity";
  name: string;
  joinKeys: { name: string; type: ColumnType }[];
  /** Column with the moment from which a row's values are known. Rows without one are valid at all times. */
  eventTime?: string;
  relations?: Relation[];
}

export interface SourceColumn {
  name: string;
  type: ColumnType;
  /** The column's name in the file where it differs. */
  from?: string;
  description?: string;
}

export interface SourceDefinition extends Documented {
  kind: "Source";
  name: string;
  entity: string;
  format: "parquet" | "csv" | "json";
  /** A path, or `npm:package/path` for a file inside an installed package. */
  location: string;
  columns: SourceColumn[];
  rowKey: string[];
  timeColumn?: string;
  createdColumn?: string;
  appendOnly?: boolean;
  /** A bigint column of `columns` that the file does not hold: the row's position in it, from 0. */
  rowNumber?: string;
  /** Checked on every new dataset version. */
  rules?: Rule[];
  /** How long the windows of its time column are that distributions are kept for; month when left out. */
  profileEvery?: ProfileWindow;
}

/** Windows that distributions are kept for, in UTC; a week begins on Monday. */
export type ProfileWindow = "day" | "week" | "month";

/** Rows an estimator is fitted on: everything, or parts of a split policy. */
export type FitRows = { rows: "all" } | { split: string; parts: string[] };

export interface StageDefinition extends Documented {
  kind: "Stage";
  name: string;
  /** Entity that the outputs belong to. */
  entity: string;
  /** For an aggregating SQL stage: the entity whose rows it reads. */
  from?: string;
  /** Which relation to follow to another entity, where more than one leads there: `{ airport: "origin" }`. */
  via?: Record<string, string>;
  /** Exactly one of the two names an operator of the operator table. */
  transformer?: string;
  estimator?: string;
  class?: EstimatorClass;
  /** `entity.column` names. */
  inputs: string[];
  /** Needed to fit, not to predict: labels. */
  fitInputs?: string[];
  outputs: { column: string; type: ColumnType }[];
  params?: Record<string, unknown>;
  cost?: number;
  /** Rows that this stage's owner fits on. Without it, the pipeline that needs it decides. */
  fit?: FitRows;
  /** Where the code lives, for people. */
  code?: string;
  tests?: StageTest[];
}

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

export interface FeatureDefinition extends Documented {
  kind: "Feature";
  /** `entity.column`. */
  name: string;
  type: ColumnType;
  sensitivity?: Sensitivity;
  expected?: { min?: number; max?: number; values?: string[] };
  unit?: string;
  deprecated?: boolean;
  /** Checked on every new version of data that carries the feature. The column need not be named. */
  rules?: Rule[];
}

export interface FeatureViewDefinition extends Documented {
  kind: "FeatureView";
  name: string;
  entity: string;
  /** `entity.column` names: features that stages or sources write. */
  features: string[];
  /** Seconds after which an online value is too old to serve; 0 means never. */
  ttlSeconds: number;
  online: boolean;
  schedule?: string;
}

export interface FeatureServiceDefinition extends Documented {
  kind: "FeatureService";
  name: string;
  /** `view:column` references in the order that the model reads them. */
  features: string[];
}

/** ISO instants; null is unbounded. */
export type TimeInterval = [string | null, string | null];

export type SplitPolicyDefinition = Documented & { kind: "SplitPolicy"; name: string } & (
    | { type: "time"; column: string; parts: Record<string, TimeInterval> }
    | {
        type: "hash";
        algo: "md5-32";
        key: string;
        salt: string;
        buckets: number;
        /** Bucket ranges, `[from, to)`. */
        parts: Record<string, [number, number][]>;
      }
  );

/** A wanted set of outputs, how to fit what produces them, and how the result is judged. */
export interface PipelineDefinition extends Documented {
  kind: "Pipeline";
  name: string;
  outputs: string[];
  /** Column → the stage that must write it. */
  pins?: Record<string, string>;
  fit?: FitRows;
  /** Stages that are fitted on this pipeline's fit rows although their owner declared other rows. */
  refit?: string[];
  /** How long the windows of the event time are that distributions of what it writes are kept for; month when left out. */
  profileEvery?: ProfileWindow;
  evaluate?: {
    split: string;
    /** Role in the usage ledger → parts of the split. */
    validation?: string[];
    test: string[];
    /** Column with the truth. */
    label: string;
    /** Name of the model that the pipeline's last estimator becomes. */
    model: string;
    /** Columns whose shared value between fit and test counts as leakage. */
    unit: string[];
    labelHorizonDays?: number;
  };
}

/** What a monitor compares each window with. */
export type MonitorReference =
  /** `[from, to)`, ISO: the profiled windows within it, added up. */
  | { window: [string, string] }
  /** A part of the split that the newest run of the feature used, such as `train`. */
  | { part: string }
  /** So many windows before. */
  | { rolling: number };

/** Watches features of a view, those that a model reads, or columns of a source, window by window. */
export interface MonitorDefinition extends Documented {
  kind: "Monitor";
  name: string;
  /** Concept drift is a definition of its own. */
  drift?: "features";
  /** Exactly one of the three. */
  view?: string;
  model?: string;
  source?: string;
  /** Whose pointers say which versions of a view's features are watched. */
  environment: Environment;
  reference: MonitorReference;
  metric: DriftMetric;
  /** Default: the metric's own. `natural` chooses a metric with thresholds of its own, and takes none. */
  warn?: number;
  critical?: number;
  /** Thresholds rise, feature by feature, to where the test part of a consuming model is from its train part. */
  calibrated?: boolean;
  /** Rows that each side needs; default 30. */
  minRows?: number;
  /** Alarming windows in a row before an alert opens; default 1. */
  after?: number;
  /** Five-field cron in UTC; without it the monitor looks whenever a run has written new profiles. */
  schedule?: string;
}

export type Definition =
  | WorkspaceDefinition
  | EntityDefinition
  | SourceDefinition
  | StageDefinition
  | FeatureDefinition
  | FeatureViewDefinition
  | FeatureServiceDefinition
  | SplitPolicyDefinition
  | PipelineDefinition
  | MonitorDefinition
  | ConceptMonitorDefinition;
export type DefinitionKind = Definition["kind"];

/** `airport.segment` → `["airport", "segment"]`. */
export function splitColumn(name: string): [entity: string, column: string] {
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

export function stageKind(stage: Pick<StageDefinition, "estimator">): "transformer" | "estimator" {
  return stage.estimator === undefined ? "transformer" : "estimator";
}
