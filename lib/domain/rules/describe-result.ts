import type { RuleResult } from "./rule-result";
import type { Json } from "../definitions/rule";

/** What a rule found, in a few words: how many values are not as expected, or the figure that was measured. */
export function describeResult({ success, expectation_config, result, exception_info }: RuleResult): string {
  if (exception_info.raised_exception) return `could not be checked: ${exception_info.exception_message ?? ""}`;
  const { unexpected_count: count, unexpected_percent: percent, partial_unexpected_list: list } = result;
  switch (expectation_config.type) {
    case "feature_label_relation_to_be_between":
      return describeRelation(result);
    case "feature_correlation_to_be_at_most": {
      const other = member(result.details, "with");
      return typeof result.observed_value === "number" && typeof other === "string"
        ? `at most ${figure(result.observed_value)}, with ${other}`
        : "no other number varies";
    }
    case "feature_cost_to_be_at_most":
      return describeCost(result.observed_value ?? null);
    case "values_to_hold_no_personal_data":
      return describePersonal(result);
    case "expect_column_distinct_values_to_be_in_set":
    case "expect_column_distinct_values_to_contain_set":
    case "expect_column_distinct_values_to_equal_set":
      return describeSet(result);
    case "expect_column_kl_divergence_to_be_less_than":
      if (result.observed_value === null)
        return result.element_count === result.missing_count
          ? "no value to compare"
          : "observed what was not expected at all";
  }
  if (typeof count === "number") {
    if (count === 0) return "no unexpected value";
    const share = typeof percent === "number" ? ` (${percent < 0.01 ? "< 0.01" : percent.toFixed(2)} %)` : "";
    const examples = Array.isArray(list)
      ? [...new Set(list.filter((value) => value !== null).map(inWords))].slice(0, 3).join(", ")
      : "";
    return `${count.toLocaleString("en-US")} unexpected${share}${examples && `, such as ${examples}`}`;
  }
  if (result.observed_value === undefined) return success ? "it is there" : "it is not there";
  return `observed ${UNREAL[String(result.observed_value)] ?? inWords(result.observed_value)}`;
}

/** Figures that are no numbers travel as text, and mean something to people only in words. */
const UNREAL: Record<string, string> = {
  NaN: "no number, as a value is not a number",
  Infinity: "no bound upwards, as a value is infinite",
  "-Infinity": "no bound downwards, as a value is infinite",
};

/** The same among examples of values. */
const EXTREMES: Record<string, string> = { NaN: "no number", Infinity: "∞", "-Infinity": "−∞" };

/** The figure that a rule measured, for a place with room for one; null for rules that count. */
export function figureOf({ result }: RuleResult): number | null {
  if (typeof result.observed_value === "number") return result.observed_value;
  return typeof result.unexpected_percent === "number" ? result.unexpected_percent : null;
}

function describeSet(result: RuleResult["result"]): string {
  const part = (count: Json | undefined, list: Json | undefined, words: string) => {
    if (typeof count !== "number" || count === 0) return [];
    const examples = Array.isArray(list) ? list.slice(0, 3).map(inWords).join(", ") : "";
    return [`${count.toLocaleString("en-US")} ${words}: ${examples}${count > 3 ? ", …" : ""}`];
  };
  const parts = [
    ...part(result.unexpected_count, result.partial_unexpected_list, "different values outside of the set"),
    ...part(result.missing_count, result.partial_missing_list, "of the set do not occur"),
  ];
  return parts.join("; ") || "no difference";
}

function describeRelation(result: RuleResult["result"]): string {
  const measure = String(member(result.details, "measure") ?? "").replaceAll("_", " ");
  const strength =
    typeof result.observed_value === "number" ? `strength ${figure(result.observed_value)}` : "no strength";
  const value = member(result.details, "value");
  return `${strength}${typeof value === "number" ? ` (${measure === "auc" ? "AUC" : measure} ${figure(value)})` : ""}: ${String(member(result.details, "reading"))}`;
}

function describeCost(observed: Json): string {
  const [rows, bytes, milliseconds] = ["rows", "bytes", "milliseconds"].map((name) => member(observed, name));
  return [
    ...(typeof rows === "number" ? [`${rows.toLocaleString("en-US")} rows`] : []),
    ...(typeof bytes === "number" ? [`${bytes.toLocaleString("en-US")} bytes`] : []),
    typeof milliseconds === "number"
      ? `${milliseconds.toLocaleString("en-US", { maximumFractionDigits: 0 })} ms`
      : "time not measured",
  ].join(", ");
}

function describePersonal(result: RuleResult["result"]): string {
  const found = Array.isArray(result.observed_value) ? result.observed_value.map(String) : [];
  const looked = `${Number(member(result.details, "sampled_values") ?? 0).toLocaleString("en-US")} different values`;
  if (found.length === 0) return `nothing found in ${looked}`;
  const examples = Array.isArray(result.partial_unexpected_list) ? result.partial_unexpected_list.map(String) : [];
  const declared = member(result.details, "declared") === true ? ", as declared" : "";
  return `${found.join(", ")} in ${Number(result.unexpected_count ?? 0).toLocaleString("en-US")} of ${looked}${examples.length > 0 ? `, such as ${examples.slice(0, 3).join(", ")} (masked)` : ""}${declared}`;
}

function member(value: Json | undefined, name: string): Json | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value[name] : undefined;
}

function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 4 });
}

function inWords(value: Json): string {
  if (value === null) return "nothing";
  if (typeof value === "number") return figure(value);
  if (typeof value === "string") return value === "" ? "an empty text" : (EXTREMES[value] ?? value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
