import type { PipelineDefinition } from "../definitions/pipeline";
import type { SplitPolicyDefinition } from "../definitions/split-policy";
import type { OutputToCheck } from "./output-to-check";

/** Rows that the pipeline's models are fitted on; null when they are all rows. */
export function trainSplit(
  { fit }: PipelineDefinition,
  splits: readonly SplitPolicyDefinition[],
): OutputToCheck["train"] {
  if (!fit || !("split" in fit)) return null;
  const policy = splits.find(({ name }) => name === fit.split);
  return policy ? { policy, parts: fit.parts } : null;
}
