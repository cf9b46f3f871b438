import { Badge } from "@mantine/core";
import { IconEqual, IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";

const MARKS = {
  added: { color: "teal", icon: IconPlus },
  removed: { color: "red", icon: IconMinus },
  changed: { color: "yellow", icon: IconPencil },
  kept: { color: "gray", icon: IconEqual },
} as const;

/** What happens to a stage, as a word with a sign. */
export function ChangeMark({ change }: { change: keyof typeof MARKS }) {
  const { color, icon: Icon } = MARKS[change];
  return (
    <Badge color={color} variant="light" leftSection={<Icon size={12} />} tt="none" fw={500}>
      {change}
    </Badge>
  );
}
