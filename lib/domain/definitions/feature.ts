import type { Rule } from "./rule";
import type { ColumnType } from "./column-type";
import type { Described } from "./documented";

export const SENSITIVITIES = ["none", "internal", "personal", "special"] as const;

export type Sensitivity = (typeof SENSITIVITIES)[number];

export interface FeatureDefinition extends Described {
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
