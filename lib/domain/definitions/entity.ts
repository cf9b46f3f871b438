import type { ColumnType } from "./column-type";
import type { Documented } from "./documented";

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
