import { Group, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import classes from "./sources.module.css";

/** Whether a rule passed, in a word and a sign; undefined for one that was not checked. */
export function ResultMark({ success }: { success: boolean | undefined }) {
  if (success === undefined)
    return (
      <Text size="sm" c="dimmed">
        not checked
      </Text>
    );
  const Icon = success ? IconCheck : IconX;
  return (
    <Group gap={4} wrap="nowrap" className={success ? classes.passed : classes.failed}>
      <Icon size={14} aria-hidden /> {success ? "passed" : "failed"}
    </Group>
  );
}
