import type { Described } from "./documented";
import type { ParameterSearch } from "./parameter-search";
import type { ProfileWindow } from "./source";
import type { FitRows } from "./stage";

/** From this probability on a row counts as a yes, unless a pipeline says another. */
export const DEFAULT_THRESHOLD = 0.5;

/** A wanted set of outputs, how to fit what produces them, and how the result is judged. */
export interface PipelineDefinition extends Described {
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
  /** Scores the fit rows as well: every fold of them by a fit on the others, by one metric. */
  crossValidate?: { metric: string };
  /** Tries parameters of its stages, and fits with the best: by folds where it is cross-validated, else by validation rows. */
  search?: ParameterSearch;
  evaluate?: {
    split: string;
    /** Role in the usage ledger → parts of the split. */
    validation?: string[];
    test: string[];
    /** Column with the truth. */
    label: string;
    /** The output to evaluate, where several predict the label. */
    prediction?: string;
    /** Features of the judged rows by whose values they are judged in slices. */
    slices?: string[];
    /** Probability from which on a row counts as a yes, above 0 and below 1; 0.5 when left out. */
    threshold?: number;
    /** Name of the model that the estimator of the evaluated output becomes. */
    model: string;
    /** Columns whose shared value between fit and test counts as leakage. */
    unit: string[];
    labelHorizonDays?: number;
  };
}
