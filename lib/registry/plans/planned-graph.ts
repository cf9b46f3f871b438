import type { PlannedFit } from "@/lib/domain/plans/fit-fingerprints";
import type { MergedPlan } from "@/lib/domain/plans/instances";
import type { SourceVersion } from "@/lib/domain/plans/leakage-input";
import type { PlannedVariant } from "@/lib/domain/plans/types";
import type { VariantWorld } from "@/lib/domain/plans/variant-world";
import { type KnownFit, type KnownValues, newestWith } from "./reuse";

/** Everything that is known of the listed variants together. */
export interface PlannedGraph {
  merged: MergedPlan;
  variants: readonly PlannedVariant[];
  world: VariantWorld;
  fits: Map<string, PlannedFit>;
  sources: Map<string, SourceVersion>;
  /** Instance key → the fit that was made before. */
  fitted: Map<string, KnownFit>;
  /** Instance key → files that hold its values, the newest first. */
  values: Map<string, KnownValues[]>;
  /** Instance key → why its estimator would be fitted anew, or which fit would be used again. */
  reasons: Map<string, string>;
}

/** The newest file that has all of the columns. */
export function valuesOf({ values }: PlannedGraph, key: string, columns: readonly string[]): KnownValues | undefined {
  return newestWith(values.get(key) ?? [], columns);
}
