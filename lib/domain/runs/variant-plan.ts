import type { DatasetSnapshot } from "../datasets/dataset-snapshot";
import type { EntityDefinition } from "../definitions/entity";
import type { ProfileWindow, SourceDefinition } from "../definitions/source";
import type { PolicyParts } from "../definitions/split-rule";
import type { StageDefinition } from "../definitions/stage";
import type { RowSet } from "../leakage/types";
import type { EvaluationTask } from "../outcomes/evaluation";
import type { Histogram } from "../statistics/histogram";
import type { FittedModel } from "./fitted-model";
import type { RowSelection } from "../datasets/row-selection";

/** One stage instance of a variant, ready to run. */
export interface EngineInstance {
  key: string;
  stage: StageDefinition;
  /** `entity.column` → key of the instance that writes it, or null for a source column. */
  inputs: Record<string, string | null>;
  fit?: {
    fingerprint: string;
    /** Rows to fit on, as boxes over source datasets. */
    rowSet: RowSet;
    /** How to select them in an entity's frame. `null` is every row. */
    split: PolicyParts | null;
    /** Set when an equal fingerprint was fitted before: it is used, not refitted. */
    fitted?: FittedModel;
  };
  /**
   * Set when equal values were written before: they are read from the file, by the entity's row key, and the stage does
   * not run. Every output that somebody reads is in it.
   */
  values?: {
    file: string;
    /** `entity.column` → the column's name in the file. */
    columns: Record<string, string>;
    /** Whether its inputs are in the plan all the same, so that rows are compared by them. */
    isCompared?: boolean;
  };
}

/** A column as one instance writes it. Where several variants run at once the same column has several writers. */
export interface WrittenColumn {
  /** `entity.column`. */
  column: string;
  /** Key of the writer; null for a source's column. */
  instance: string | null;
}

/** A column with a name of its own among those of all writers. */
export interface InstanceColumn extends WrittenColumn {
  /** Its name in the output file, without the entity: the bare column, or `segment__airport_bands` at a fork. */
  name: string;
}

export interface VariantPlan {
  entities: EntityDefinition[];
  sources: { definition: SourceDefinition; snapshot: DatasetSnapshot }[];
  /** In an order in which every input is written before it is read. */
  instances: EngineInstance[];
  /** What is written out, one Parquet file per entity. Names of an entity's columns are different. */
  materialise: InstanceColumn[];
  evaluate?: {
    /** The probability, class or number that is judged. */
    prediction: WrittenColumn;
    label: WrittenColumn;
    /** Vectors of two probabilities are judged as binary. */
    task: EvaluationTask;
    /** Probability from which on a row of a binary task counts as a yes. */
    threshold: number;
    selections: RowSelection[];
    /**
     * Key of the instance whose inputs are shuffled among the rows of `validation`: the one that writes the prediction. With the
     * metric to compare by; the main one of the task when left out.
     */
    shuffle?: string;
    shuffleMetric?: string;
    /** Columns of the same rows by whose values every selection is judged in slices. */
    slices?: WrittenColumn[];
    /**
     * Key of the instance whose inputs are the features: test rows that agree in all of them with a training row are counted.
     * Left out when its values are read and not computed.
     */
    features?: string;
  };
  profile: {
    /** Columns to profile, with the histogram edges to use where a reference profile has fixed them. */
    columns: (WrittenColumn & {
      edges: Histogram | null;
      /** The same for the equal-width histogram. */
      equalWidth?: Histogram | null;
      /** Without edges it gets those of all its rows, as every raw column does. */
      edgesOfAll?: boolean;
    })[];
    selections: RowSelection[];
    /**
     * Also one profile for each day, week (from Monday) or calendar month of the event time, named as the selection of all
     * rows is.
     */
    every: ProfileWindow | null;
  };
  /**
   * `[from, to)` on the event time, ISO: only these rows of an entity with an event time are written out. What rolls over
   * earlier rows still reads them.
   */
  window?: [string, string] | null;
  /** Folder that finished files are moved into by one rename each. */
  outputDirectory: string;
}
