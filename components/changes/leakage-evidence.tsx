import { Anchor, Group, List, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { MeasuredUnits } from "@/components/usage/measured-units";
import { StateBadge } from "@/components/ui/state-badge";
import { Sentence } from "@/components/ui/sentence";
import type { ConsumerVerdict } from "@/lib/contracts/change-evidence";
import classes from "./changes.module.css";

/** The verdict of every model that reads the proposed version, with why. */
export function LeakageEvidence({ feature, verdicts }: { feature: string; verdicts: ConsumerVerdict[] }) {
  if (verdicts.length === 0) return <Text size="sm">No model reads this version, so no test score depends on it.</Text>;
  return (
    <Stack gap="md">
      {verdicts.map((item) => (
        <div key={item.modelVersionId}>
          <Group gap="sm" mb={4}>
            <StateBadge state={item.verdict} />
            <Text size="sm" fw={600}>
              {item.model} version {item.modelVersion}
            </Text>
            {item.verdict === "leak" && <Text size="sm">severity {item.severity}</Text>}
            <Anchor
              component={Link}
              size="sm"
              href={`/audit/usage?view=matrix&model=${item.modelVersionId}&about=${encodeURIComponent(feature)}`}
            >
              proof
            </Anchor>
          </Group>
          {item.verdict !== "safe" && <MeasuredUnits modelVersionId={item.modelVersionId} />}
          <List className={classes.reasons}>
            {item.explanation.map((sentence) => (
              <List.Item key={sentence}>
                <Sentence text={sentence} />
              </List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  );
}
