import { Anchor, Group, List, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { MeasuredUnits } from "@/components/usage/measured-units";
import { StateBadge } from "@/components/ui/state-badge";
import { Sentence } from "@/components/ui/sentence";
import type { ModelEvidence, ModelRead } from "@/lib/contracts/change-model-evidence";
import classes from "./changes.module.css";

const WORST_FIRST = ["leak", "unknown", "safe"];

/** Whether the model's test score can be trusted, and what each feature that it reads says to that. */
export function ModelLeakage({ evidence }: { evidence: ModelEvidence }) {
  const { after, leakage, reads } = evidence;
  const sorted = [...reads].sort((one, other) => WORST_FIRST.indexOf(one.verdict) - WORST_FIRST.indexOf(other.verdict));
  const telling = sorted.filter(({ verdict }) => verdict !== "safe");
  const safe = sorted.filter(({ verdict }) => verdict === "safe");
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <StateBadge state={leakage.verdict} />
        <Text size="sm" maw="75ch" component="div">
          <Sentence text={leakage.sentence} />
        </Text>
      </Group>
      <Text size="sm" c="dimmed" maw="75ch">
        Trained on {after.trainedOn}. Tested on {after.testedOn}.
      </Text>
      {leakage.verdict !== "safe" && <MeasuredUnits modelVersionId={after.modelVersionId} />}
      {telling.map((read) => (
        <Finding key={read.feature} read={read} modelVersionId={after.modelVersionId} />
      ))}
      {safe.length > 0 && (
        <Text size="sm" maw="75ch">
          Safe: {safe.map(({ feature, version }) => `${feature} v${version}`).join(", ")}.
        </Text>
      )}
    </Stack>
  );
}

function Finding({ read, modelVersionId }: { read: ModelRead; modelVersionId: string }) {
  const { feature, version, verdict, severity, explanation } = read;
  const proof = new URLSearchParams({ view: "matrix", model: modelVersionId, about: feature });
  return (
    <div>
      <Group gap="sm" mb={4}>
        <StateBadge state={verdict} />
        <Text size="sm" fw={600}>
          {feature} v{version}
        </Text>
        {verdict === "leak" && <Text size="sm">severity {severity}</Text>}
        <Anchor component={Link} size="sm" href={`/audit/usage?${proof.toString()}`}>
          proof
        </Anchor>
      </Group>
      <List className={classes.reasons}>
        {explanation.map((sentence) => (
          <List.Item key={sentence}>
            <Sentence text={sentence} />
          </List.Item>
        ))}
      </List>
    </div>
  );
}
