/** A stage as the planner sees it: a hyperarc from the columns it reads to the columns it writes. */
export interface PlanStage {
  name: string;
  kind?: "transformer" | "estimator";
  /** Columns read both to fit and to transform. */
  inputs: string[];
  /** Columns read only to fit, such as a label: a predict plan does not contain what makes them. */
  fitInputs?: string[];
  outputs: string[];
  /** Finite and not negative, in any one unit; 1 when left out. */
  cost?: number;
}

export interface PlanOptions {
  /** How many variants are listed at most, 0 or more; `DEFAULT_LIMIT` when left out. `total` counts them all the same. */
  limit?: number;
  /** `declaration` (the default) is the leaf order of the search; `cost` is the cheapest first, ties in declaration order. */
  order?: "declaration" | "cost";
  /** Column to the one stage that may write it. */
  pins?: Record<string, string>;
  /** Work steps (one column or stage looked at) that listing, counting and, where counting gives up, bounding may each take; `DEFAULT_BUDGET` when left out. */
  budget?: number;
}

export interface PlanRequest {
  stages: PlanStage[];
  sources: string[];
  outputs: string[];
  options?: PlanOptions;
}

export interface PlannedVariant {
  /** Stage names in execution order. */
  stages: string[];
  /** The stage that writes each produced column somebody needs. */
  choice: Record<string, string>;
  /** The stages needed to predict with fitted models, in execution order: a subset of `stages`. */
  predict: string[];
  /** Sum of the costs of `stages`, in the unit of `PlanStage.cost`. */
  cost: number;
}

export interface Plan {
  /** Number of variants, a decimal integer without bound on its digits. */
  total: string;
  /** Set when counting stopped at the work budget: `total` is then a proven lower bound. */
  atLeast?: boolean;
  /** The first min(limit, total) variants of the asked order. */
  variants: PlannedVariant[];
  /** Stage name to the number of distinct instances over the listed variants. */
  mergedInstances: Record<string, number>;
  /** Stages that could have contributed, had their own inputs been derivable; in declaration order. */
  pruned: string[];
}
