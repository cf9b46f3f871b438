import { judgeRule } from "./judge-rule";
import { maskValue } from "./personal/detect-personal";
import type { PlacedRule } from "./place-rules";
import type { Json, Measured, RuleResult } from "./rule";

/**
 * The verdict on a rule where it is placed. Of data that are declared personal or special nothing is shown but masks: results are
 * kept for years and seen by whoever may see the workspace.
 */
export function judgePlaced({ rule, feature, isPersonal }: PlacedRule, measured: Measured): RuleResult {
  const judged = judgeRule(rule, measured);
  return {
    ...judged,
    ...(feature !== null && { feature }),
    ...(isPersonal && measured.family !== "personal" && { result: maskResult(judged.result) }),
  };
}

/** Values become masks; counts and figures stay. */
function maskResult(result: RuleResult["result"]): RuleResult["result"] {
  const masked = { ...result };
  if (Array.isArray(result.partial_unexpected_list))
    masked.partial_unexpected_list = result.partial_unexpected_list.map(maskAny);
  if (Array.isArray(result.partial_unexpected_counts))
    masked.partial_unexpected_counts = result.partial_unexpected_counts.map((one) => ({
      value: maskAny((one as { value: Json }).value),
      count: (one as { count: Json }).count,
    }));
  if (result.observed_value !== undefined) masked.observed_value = maskTexts(result.observed_value);
  return masked;
}

function maskAny(value: Json): Json {
  if (value === null || typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(maskAny) : maskValue(String(value));
}

function maskTexts(value: Json): Json {
  if (typeof value === "string") return maskValue(value);
  return Array.isArray(value) ? value.map(maskTexts) : value;
}
