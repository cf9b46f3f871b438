import type { Environment } from "../environments";

/** A feature that a predict run wrote, beside what its environment serves. */
export interface PredictedFeature {
  /** `entity.column`. */
  feature: string;
  /** The feature version that was written. */
  version: number;
  /** The version that the environment's pointer names; null when it names none. */
  pointer: number | null;
}

export interface PredictedBy {
  environment: Environment;
  /** Null when nothing is fitted. */
  model: { name: string; version: number } | null;
}

/** Whether the environment serves what was predicted, and if not, what to do. One sentence. */
export function describePredicted(
  { feature, version, pointer }: PredictedFeature,
  { environment, model }: PredictedBy,
): { isServed: boolean; sentence: string } {
  if (pointer === version) return { isServed: true, sentence: `${environment} serves ${feature} v${version} from it.` };
  const made = model
    ? `version ${model.version} of model ${model.name}, which has the alias ${environment}, writes v${version}`
    : `the deployed variant writes v${version}`;
  const instead =
    pointer === null ? `and ${environment} serves no version yet` : `and ${environment} serves v${pointer}`;
  const other =
    model && pointer !== null ? `, or give the alias to a version of the model that writes v${pointer}` : "";
  return {
    isServed: false,
    sentence: `${environment} does not serve these values of ${feature}: ${made}, ${instead}. Promote v${version} of the feature to ${environment}${other}.`,
  };
}
