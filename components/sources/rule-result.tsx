import { Text } from "@mantine/core";
import type { RuleCheckEntry } from "@/lib/contracts/rules";
import { describeResult } from "@/lib/domain/rules/describe-result";
import type { RuleResult } from "@/lib/domain/rules/rule-result";

/** What a rule found, in a few words. */
export function RuleResultWords({ result }: { result: RuleCheckEntry["results"][number] }) {
  return <Text size="sm">{describeResult(result as RuleResult)}</Text>;
}
