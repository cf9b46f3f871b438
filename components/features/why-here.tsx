import { List, Text } from "@mantine/core";
import type { FeatureSummary } from "@/lib/contracts/features";

const TIER = {
  exact: "The query is its name.",
  prefix: "Its name begins with the query.",
  token: "Every word of the query is in its name.",
  typo: "Every word is in its name, one of them spelt differently.",
  description: "Some words are only in its description, tags, owner or metadata.",
};

const HOW = { exact: "is", prefix: "begins", inside: "is inside of", typo: "is close to" };

/** Why a row stands where it stands. */
export function WhyHere({ why, item }: { why: NonNullable<FeatureSummary["why"]>; item: FeatureSummary }) {
  return (
    <>
      <Text size="sm" fw={600}>
        {TIER[why.tier]}
      </Text>
      <List size="xs" mt={4} spacing={2}>
        {why.matches.map((match, at) => (
          <List.Item key={at}>
            <b>{match.word}</b> {HOW[match.how]} <b>{match.matched}</b> in its {match.in}
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed" mt={6}>
        Better matches always come first. Among equals, use ({item.consumers}) and freshness decide.
      </Text>
    </>
  );
}
