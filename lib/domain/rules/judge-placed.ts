import { judgeRule } from "./judge-rule";
import { maskValue } from "./personal/detect-personal";
import type { PlacedRule } from "./place-rules";
import type { Measured, RuleResult } from "./rule-result";
import type { Json } from "../definitions/rule";

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
  if (isObject(result.details)) masked.details = maskPartitions(result.details);
  return masked;
}

/** Shares of values name the values; other details are figures. */
function maskPartitions(details: { [name: string]: Json }): Json {
  return Object.fromEntries(
    Object.entries(details).map(([name, part]) => [
      name,
      isObject(part) && Array.isArray(part.values) ? { ...part, values: part.values.map(maskAny) } : part,
    ]),
  );
}

function maskAny(value: Json): Json {
  if (value === null || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(maskAny);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, maskAny(one)]));
  return maskValue(String(value));
}

function maskTexts(value: Json): Json {
  if (typeof value === "string") return maskValue(value);
  return Array.isArray(value) ? value.map(maskTexts) : value;
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
