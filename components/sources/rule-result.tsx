import { Text } from "@mantine/core";
import type { RuleCheckEntry } from "@/lib/contracts/rules";

type Result = RuleCheckEntry["results"][number];

/** What a rule found, in a few words: how many values are not as expected, or the figure that was measured. */
export function RuleResultWords({ result: { success, result, exception_info } }: { result: Result }) {
  if (exception_info.raised_exception)
    return <Text size="sm">could not be checked: {exception_info.exception_message}</Text>;
  const { unexpected_count: count, unexpected_percent: percent, partial_unexpected_list: list } = result;
  if (typeof count === "number") {
    if (count === 0) return <Text size="sm">no unexpected value</Text>;
    const share = typeof percent === "number" ? ` (${percent < 0.01 ? "< 0.01" : percent.toFixed(2)} %)` : "";
    const examples = Array.isArray(list)
      ? [...new Set(list.filter((value) => value !== null).map(inWords))].slice(0, 3).join(", ")
      : "";
    return (
      <Text size="sm">
        {count.toLocaleString("en-US")} unexpected{share}
        {examples && `, such as ${examples}`}
      </Text>
    );
  }
  if (result.observed_value === undefined) return <Text size="sm">{success ? "it is there" : "it is not there"}</Text>;
  return <Text size="sm">observed {inWords(result.observed_value)}</Text>;
}

function inWords(value: unknown): string {
  if (value === null) return "nothing";
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 4 });
  if (typeof value === "string") return value === "" ? "an empty text" : value;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
