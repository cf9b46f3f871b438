import type { EvaluationRequest } from "@/lib/domain/outcomes/evaluation-request";
import type { Prisma } from "@/lib/db/generated/client";
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import type { Definition, DefinitionKind, DefinitionOf } from "@/lib/domain/definitions/definition";
import type { Described } from "@/lib/domain/definitions/describe-definition";
import type { LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import type { MeasuredFit } from "@/lib/domain/leakage/measured-fit";
import type { SuiteResult } from "@/lib/domain/rules/rule-result";
import type { CrossValidation } from "@/lib/domain/runs/cross-validation";
import type { FittedModel } from "@/lib/domain/runs/fitted-model";
import type { SearchResult } from "@/lib/domain/runs/parameter-search";
import type { ReproductionReport } from "@/lib/domain/reproductions/report";
import type { RecordedSeed, RunEnvironment } from "@/lib/domain/runs/run-record";
import type { RunParams } from "@/lib/domain/runs/run-params";
import type { Histogram } from "@/lib/domain/statistics/histogram";
import type { FeatureSkew } from "@/lib/domain/skew/count-skew";
import type { ExperimentVariant } from "@/lib/contracts/experiments";
import type { TrainingVerdict } from "@/lib/contracts/training-datasets";
import type { TrainingColumn, TrainingRecipe } from "@/lib/domain/training-datasets/training-recipe";
import type { FrozenTraining } from "@/lib/domain/training-datasets/training-rows";
import type { NoticePayload } from "@/lib/domain/notifications/channel-events";
import type { VerdictDetails } from "@/lib/domain/monitors/evaluate-monitor";
import type { ConceptDetails } from "@/lib/domain/monitors/concept-verdicts";

/**
 * The shapes of JSON columns. The database keeps any document, so that each shape is said here, once: one function writes such a
 * column, from a value of that type.
 */

/** A value as a JSON column takes it. */
export function asJson(value: object): Prisma.InputJsonObject {
  return value as Prisma.InputJsonObject;
}

/** Reads a column that holds one shape. */
const holding =
  <Shape>() =>
  (json: Prisma.JsonValue): Shape =>
    json as Shape;

/** A declared object as its spec said it. Written from parsed definitions when specs are applied. */
export function definitionOf<Kind extends DefinitionKind>(
  _kind: Kind,
  row: { definition: Prisma.JsonValue },
): DefinitionOf<Kind> {
  return holding<DefinitionOf<Kind>>()(row.definition);
}

/** The same where rows of every kind are listed. */
export const anyDefinitionOf = (row: { definition: Prisma.JsonValue }): Definition =>
  holding<Definition>()(row.definition);

/** The same of the kinds that have no page of their own, listed and shown alike. */
export const describedOf = (row: { definition: Prisma.JsonValue | Definition }): Described =>
  row.definition as Described;

/** What a run was asked to do. Written by `queueRun`. */
export const paramsOf = (run: { params: Prisma.JsonValue }): RunParams => holding<RunParams>()(run.params);

/** The same of a run of any age: what a version of before did not write is missing. */
export const anyParamsOf = (run: { params: Prisma.JsonValue }): Partial<RunParams> => paramsOf(run);

/** `Run.environment` of a run of any age, and `Run.seeds`. Written by `claimEnd`. */
export const runEnvironmentOf = holding<Partial<RunEnvironment>>();
export const seedsOfRun = holding<RecordedSeed[]>();

/** `Reproduction.report`. Written by `finishReproduction`. */
export const reproductionReportOf = holding<ReproductionReport>();

/** `Fit.model`: what an estimator learned. Written by `recordFits`. */
export const fittedModelOf = holding<FittedModel>();

/** `rowSet` of fits and usages, where it was recorded: the rows that were read. */
export const rowSetOf = holding<RowSet>();

/** `DatasetVersion.files`: those of outputs lie below the data folder. Written by `ensureDatasetVersion` and `recordOutputs`. */
export const writtenFilesOf = holding<{ path: string; sha256: string; bytes: number }[]>();

/** `ProfileFigures.stats`, `equalWidth` where there is one, and `Profile.histogram`. Written by `createProfiles`. */
export const statsOf = holding<ColumnStats>();
export const histogramOf = holding<Histogram>();

/** `Run.crossValidation`. Written by `recordFolds`. */
export const crossValidationOf = holding<CrossValidation>();

/** `Run.search`. Written by `recordSearch`. */
export const searchResultOf = holding<SearchResult>();

/** `VersionEvaluation.request`. Written by `evaluateModelVersion`. */
export const evaluationRequestOf = holding<EvaluationRequest>();

/** `ModelVersion.leakageInput`. Written by `recordModel`. */
export const leakageInputOf = holding<LeakageInput>();

/** `LeakageMeasurement.findings`. Written by `finishMeasurement`. */
export const measuredFitsOf = holding<MeasuredFit[]>();

/** `RuleCheck.result`. Written by `recordRuleCheck`. */
export const suiteResultOf = holding<SuiteResult>();

/** `SkewCheck.result`. Written by `recordSkewCheck`. */
export const featureSkewOf = holding<FeatureSkew[]>();

/** `Experiment.variants`. Written when an experiment is recorded. */
export const experimentVariantsOf = holding<ExperimentVariant[]>();

/** `OutboxMessage.payload` of a notice. Written by `messagesOf`. */
export const noticeOf = holding<NoticePayload>();

/** `MonitorVerdict.details` of a monitor of profiles. Written by `runMonitor`; verdicts of before it was kept have none. */
export const verdictDetailsOf = holding<Partial<VerdictDetails> | null>();

/** The same of a concept monitor. Written by `recordConceptEvaluation`. */
export const conceptDetailsOf = holding<ConceptDetails | null>();

/** `TrainingDataset.recipe`, `columns`, `facts` and `verdicts`. Written by `insertTrainingDataset`. */
export const trainingRecipeOf = holding<TrainingRecipe>();
export const trainingColumnsOf = holding<TrainingColumn[]>();
export const trainingFactsOf = holding<Pick<FrozenTraining, "spine" | "parts" | "statuses"> & { engine: string }>();
export const trainingVerdictsOf = holding<TrainingVerdict[]>();
