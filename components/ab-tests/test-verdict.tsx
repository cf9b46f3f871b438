import { Badge, type MantineColor } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconClock, IconEqual, IconQuestionMark } from "@tabler/icons-react";
import type { ComponentType } from "react";

const VERDICTS: Record<string, { color: MantineColor; icon: ComponentType<{ size?: number }>; label: string }> = {
  better: { color: "teal", icon: IconCheck, label: "decided" },
  no_difference: { color: "gray", icon: IconEqual, label: "no difference" },
  undecided: { color: "yellow", icon: IconQuestionMark, label: "undecided" },
  withheld: { color: "orange", icon: IconAlertTriangle, label: "withheld" },
};

/** Where a test stands: a colour, a sign and a word. */
export function TestVerdict({ code }: { code: string | null }) {
  const {
    color,
    icon: Icon,
    label,
  } = VERDICTS[code ?? ""] ?? {
    color: "gray",
    icon: IconClock,
    label: "not compared yet",
  };
  return (
    <Badge color={color} variant="light" leftSection={<Icon size={12} />} tt="none" fw={500}>
      {label}
    </Badge>
  );
}
