import type { EngineName } from "@/lib/domain/definitions/engine-name";
import type { DatasetSnapshot, SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import type { DatabaseAccess, DatabaseGreeting } from "@/lib/domain/datasets/database-access";
import type { FileInspection, InspectionRequest, TableInspectionRequest } from "@/lib/domain/datasets/file-inspection";
import type { AssignmentRequest, WrittenAssignment } from "@/lib/domain/datasets/row-assignment";
import type { RowSample, SampleRequest } from "@/lib/domain/datasets/row-sample";
import type {
  UnitIntersection,
  UnitIntersectionRequest,
  UnitSketch,
  UnitSketchRequest,
} from "@/lib/domain/leakage/unit-keys";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { HistoryRequest, WrittenHistory } from "@/lib/domain/joins/feature-history";
import type { RowComparison, RowComparisonRequest } from "@/lib/domain/reproductions/row-comparison";
import type {
  FrozenTraining,
  PreviewedTraining,
  TrainingFileRequest,
  TrainingRowsRequest,
} from "@/lib/domain/training-datasets/training-rows";
import type { ValuesToProfile } from "@/lib/domain/drift/preview-profile";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import type { ArmOutcomes, OutcomeRequest, OutcomeWindow, OutcomeWindowsRequest } from "@/lib/domain/outcomes/outcomes";
import type { OutputToCheck } from "@/lib/domain/rules/output-to-check";
import type { Measured } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { EngineIdentity } from "@/lib/domain/runs/engine-identity";
import type { EngineSupport, OtherEngine } from "@/lib/domain/runs/engine-support";
import type { ScoredRows, ScoringRequest } from "@/lib/domain/runs/scoring-plan";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import type { ColumnProfile, VariantResult } from "@/lib/domain/runs/variant-result";
import type { StatementFinding, StatementToCheck } from "@/lib/domain/sql/statement-to-check";
import type { StageTestResult } from "@/lib/domain/stage-tests/stage-test-result";
import type { SurroundingsData } from "@/lib/domain/stage-tests/test-columns";

/** How much of a source's files is read where a request waits for it. */
export interface ReadBounds {
  files: number;
  /** Of all files together, as text: what is compressed counts for more than it takes on the disk. */
  bytes: number;
  rows: number;
}

/** Runs variants, and says at plan time what it cannot run. */
export interface ComputeEngine extends EngineIdentity, Pick<EngineSupport, "unsupported"> {
  /** Runs a variant. Rejects with DomainError `canceled` on abort; nothing appears under `outputDirectory` unless it is whole. */
  runVariant(plan: VariantPlan, control: RunControl): Promise<VariantResult>;
  /**
   * Scores rows that are given, with the numbers that `runVariant` gives. Null when no plan came along and none is ready under the
   * key. Throws `unsupported` for a model whose rows cannot be scored one by one, `unavailable` when it takes too long.
   */
  scoreRows(request: ScoringRequest): Promise<ScoredRows | null>;
  /** Judges every arm on the rows that the policy assigns to it. Throws `invalid` for labels and predictions that cannot be judged. */
  compareOutcomes(request: OutcomeRequest, signal?: AbortSignal): Promise<ArmOutcomes[]>;
  /**
   * Judges predictions by what came of them, window by window in order of time; a window has at least one prediction. Throws
   * `invalid` for values that cannot be judged.
   */
  measureOutcomes(request: OutcomeWindowsRequest, signal?: AbortSignal): Promise<OutcomeWindow[]>;
  /** Runs a stage's own tests. What the stage does is in the results; only `canceled` is thrown. */
  testStage(stage: StageDefinition, surroundings: SurroundingsData, signal?: AbortSignal): Promise<StageTestResult[]>;
  /** Binds statements of SQL stages to the columns that they declare, in order. What is wrong with one is told, and nothing thrown for it. */
  checkStatements(stages: StatementToCheck[], signal?: AbortSignal): Promise<StatementFinding[][]>;
}

/** Reads the files of sources and outputs. */
interface TableEngine {
  /**
   * Reads a source's files: digests, rows, time range. Throws `not_found` for a file that is not there, and `invalid` with an issue
   * for each declared column that is missing, has another type, or holds a value that is none of its type; `conflict` when a file
   * changes while it is read. With bounds, larger files are read in part, which a warning says, and the answer has no digests of theirs.
   * The rows of a table are copied to a file first, which is the version's from then on; rows that have not changed are in the file that is
   * there. Throws `unavailable` when its database does not answer, or no more.
   * @param access of a table's source: how its database is reached
   */
  describe(
    source: SourceDefinition,
    bounds?: ReadBounds,
    access?: DatabaseAccess,
    signal?: AbortSignal,
  ): Promise<SourceDescription>;
  /**
   * What tells without reading a source's files whether they may have changed: a digest of their paths, sizes and times. Null for a
   * table, of which only reading tells. Throws `not_found` for files that are not there, and `invalid` for a location that cannot be read.
   */
  glance(source: SourceDefinition): Promise<string | null>;
  /**
   * What files are that nobody has declared: types, keys and times, told by reading them, and a Source that plan accepts. Of files
   * beyond the bounds the beginning is read, which a warning says. Throws `not_found` for a file that is not there, and `invalid` for one that cannot be read.
   */
  inspectFiles(request: InspectionRequest, bounds: ReadBounds, signal?: AbortSignal): Promise<FileInspection>;
  /** The same of a table or a SELECT; its first rows are read. */
  inspectTable(request: TableInspectionRequest, access: DatabaseAccess, signal?: AbortSignal): Promise<FileInspection>;
  /**
   * Assigns every row of a dataset version to one part of a split policy and writes which to a file whose folder exists: the same
   * for the same rows, policy and seed. Throws `invalid` for rows that their key does not tell apart, `conflict` when a source's file
   * changed since.
   */
  assignRows(request: AssignmentRequest, signal?: AbortSignal): Promise<WrittenAssignment>;
  /** What the server says of itself. Throws what keeps a connection from coming about, in words. */
  greetDatabase(access: DatabaseAccess, signal?: AbortSignal): Promise<DatabaseGreeting>;
  /**
   * Rows of a source in each window `[from, to)` of its time column, ISO, in the order asked. Throws `invalid` for a source
   * without one.
   */
  countRows(source: SourceDefinition, windows: [string, string][], access?: DatabaseAccess): Promise<number[]>;
  /**
   * Rows of a dataset version, in the order of its files, drawn at random but the same for the same question. Throws `not_found`
   * when a file is gone, `conflict` when a source's file changed since, `invalid` when the question does not fit the files.
   */
  sampleRows(request: SampleRequest, signal?: AbortSignal): Promise<RowSample>;
  /**
   * Writes the values that features had at the moments of a spine to a file whose folder exists, in the spine's order. Throws
   * `not_found` when a file is gone, `conflict` when a source's file changed since, `invalid` when rows or files are not as asked.
   */
  joinHistory(request: HistoryRequest, signal?: AbortSignal): Promise<WrittenHistory>;
  /** The first rows of a training dataset, and facts of all of its spine. Writes nothing; throws as `joinHistory` does. */
  previewTraining(request: TrainingRowsRequest, first: number, signal?: AbortSignal): Promise<PreviewedTraining>;
  /** Writes all rows of a training dataset to a Parquet file whose folder exists, in the spine's order. Throws as `joinHistory` does. */
  freezeTraining(request: TrainingRowsRequest, file: string, signal?: AbortSignal): Promise<FrozenTraining>;
  /** Writes the rows of a training dataset's Parquet in another format. */
  convertTraining(request: TrainingFileRequest, signal?: AbortSignal): Promise<{ bytes: number }>;
  /**
   * Compares the rows of two files that a run wrote, in whatever order they are. Throws `not_found` when one is gone. Memory does not grow
   * with the rows.
   */
  compareRows(request: RowComparisonRequest, signal?: AbortSignal): Promise<RowComparison>;
  /**
   * Counts the units that are on both sides, exactly: `safe` and `leak` rest on it. Throws `not_found` when a file is gone, `conflict`
   * when a source's file or an assignment changed since, `invalid` for a unit whose types differ. Memory does not grow with the rows.
   */
  intersectUnits(request: UnitIntersectionRequest, signal?: AbortSignal): Promise<UnitIntersection>;
  /** What is kept of the units of some rows, to be compared when the rows are gone. Throws as `intersectUnits` does. */
  sketchUnits(request: UnitSketchRequest, signal?: AbortSignal): Promise<UnitSketch>;
  /**
   * Streams rows of an output file to the caller in batches: newest row per key when `latestBy` is given, of those that are not
   * after `asOf` (ISO instant); rows without a key or that time are left out then, and rows without a key with `present`. With `sample`, so many keys, the same for the same seed in every file that has them: `$order` says
   * which come first.
   */
  readRows(
    file: string,
    options: {
      columns: string[];
      keys: string[];
      present?: boolean;
      latestBy?: string;
      asOf?: string;
      sample?: { rows: number; seed: string };
      batch?: number;
    },
  ): AsyncIterable<Record<string, unknown>[]>;
}

/** Measures rules on rows, and profiles values. */
interface CheckEngine {
  /** The profile of values that are in no file; at most a million of them. */
  profileValues(asked: ValuesToProfile): Promise<Pick<ColumnProfile, "stats" | "histogram" | "equalWidth">>;
  /**
   * Measures rules on a source's files, in the rules' order. A rule that cannot be measured has family `failed`; files that are
   * gone or changed reject the whole.
   */
  measureRules(source: SourceDefinition, snapshot: DatasetSnapshot, rules: readonly Rule[]): Promise<Measured[]>;
  /** The same on files that a run wrote. Throws `invalid` when they cannot be read. */
  measureOutputRules(output: OutputToCheck, rules: readonly Rule[]): Promise<Measured[]>;
}

/** All that one engine does; who needs a part of it asks for that part. */
export interface Engine extends ComputeEngine, TableEngine, CheckEngine {
  /** Another engine of this installation, or why there is none. Left out where there is only this one. */
  other?(name: EngineName): OtherEngine<Engine>;
}
