import type { ColumnType } from "../definitions/column-type";
import type { EntityDefinition } from "../definitions/entity";
import type { RowSelection } from "../datasets/row-selection";

/** An output of a run that rules are checked on, with what the run knows of it. */
export interface OutputToCheck {
  entity: EntityDefinition;
  /** Absolute paths. */
  files: string[];
  /** `file` is the column's name in the files, `name` without the entity. Keys and the event time are there besides. */
  columns: { name: string; file: string; type: ColumnType }[];
  /** Rows that the run's models are trained on. */
  train: RowSelection["split"];
  /** Column → milliseconds that its stage took. */
  milliseconds: Record<string, number>;
}
