import { PERSONAL_WORDS } from "./personal/detect-personal";
import { percent } from "./percent";
import type { Measured, RuleResult } from "./rule-result";
import type { Json, Rule } from "../definitions/rule";

/** Above it a feature all but says the label: as a rule it was made from it, or after it. */
const LEAK_LIKE = 0.95;
/** Below it the two tell nothing of each other. */
const UNRELATED = 0.01;

/** Data tests that judge a figure; where there is none (no rows, a constant) they pass only if nothing was asked of it. */
export function judgeOwn(
  type: string,
  kwargs: Rule["kwargs"],
  observed: Json,
): { success: boolean; details?: Record<string, Json> } {
  if (type === "feature_cost_to_be_at_most") return judgeCost(kwargs, observed as Record<string, Json>);
  if (type === "feature_correlation_to_be_at_most")
    // Without another number that varies there is nothing that it could repeat.
    return { success: observed === null || (observed as number) <= (kwargs.threshold as number) };
  const { min_value: low, max_value: high } = kwargs;
  // A constant tells nothing of the label.
  const strength = typeof observed === "number" ? observed : 0;
  return {
    success: (typeof low !== "number" || strength >= low) && (typeof high !== "number" || strength <= high),
  };
}

/** What a strength means, for people. */
export function readRelation(strength: number | null): string {
  if (strength === null) return "nothing can be said: one of the two never varies";
  if (strength >= LEAK_LIKE) return "suspiciously strong, as of a feature that is made from the label";
  if (strength < UNRELATED) return "none";
  return strength < 0.1 ? "weak" : strength < 0.5 ? "moderate" : "strong";
}

/** A figure that was not measured cannot be within its budget. */
function judgeCost(kwargs: Rule["kwargs"], observed: Record<string, Json>) {
  const over = (["rows", "bytes", "milliseconds"] as const).filter((what) => {
    const budget = kwargs[`max_${what}`];
    const spent = observed[what];
    return typeof budget === "number" && (typeof spent !== "number" || spent > budget);
  });
  return { success: over.length === 0, details: { over_budget: over } };
}

/** Found in a feature that is declared personal or special, it is where it belongs. */
export function judgePersonal(
  { kwargs }: Rule,
  { elements, missing, sampled, unexpected, found, byName }: Extract<Measured, { family: "personal" }>,
): Pick<RuleResult, "success" | "result"> {
  const isFound = found.length > 0 || byName !== null;
  const isDeclared = kwargs.sensitivity === "personal" || kwargs.sensitivity === "special";
  return {
    success: !isFound || isDeclared,
    result: {
      observed_value: [
        ...found.map(({ kind }) => PERSONAL_WORDS[kind]),
        ...(byName === null ? [] : [`its name: ${byName}`]),
      ],
      element_count: elements,
      missing_count: missing,
      missing_percent: percent(missing, elements),
      unexpected_count: unexpected,
      unexpected_percent: percent(unexpected, sampled),
      partial_unexpected_list: found.flatMap(({ examples }) => examples),
      partial_unexpected_counts: found.map(({ kind, values }) => ({ value: kind, count: values })),
      details: { sampled_values: sampled, by_name: byName, declared: isDeclared },
    },
  };
}
