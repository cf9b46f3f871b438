import { Badge, type MantineColor } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconScale, IconX } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { ExperimentOutcome } from "@/lib/domain/experiments/experiment";

const OUTCOMES: Record<ExperimentOutcome | "open", { color: MantineColor; icon: ComponentType<{ size?: number }> }> = {
  open: { color: "indigo", icon: IconCircleDashed },
  validated: { color: "teal", icon: IconCheck },
  invalidated: { color: "orange", icon: IconX },
  inconclusive: { color: "gray", icon: IconScale },
};

/** What became of a hypothesis: a colour, a sign and a word. */
export function OutcomeBadge({ outcome }: { outcome: ExperimentOutcome | null }) {
  const word = outcome ?? "open";
  const { color, icon: Icon } = OUTCOMES[word];
  return (
    <Badge color={color} variant="light" leftSection={<Icon size={12} />} tt="none" fw={500}>
      {word}
    </Badge>
  );
}
