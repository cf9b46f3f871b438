import { Group, Text } from "@mantine/core";
import { IconArrowRight, IconSchool } from "@tabler/icons-react";

/** An operator with its kind: an estimator learns, a transformer only computes. */
export function OperatorName({
  kind,
  operator,
  learns,
}: {
  kind: "transformer" | "estimator";
  operator: string;
  learns: string | null;
}) {
  const Icon = kind === "estimator" ? IconSchool : IconArrowRight;
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <Icon size={14} aria-label={kind} role="img" style={{ flex: "none" }} />
        <span>{operator}</span>
      </Group>
      {learns && (
        <Text size="xs" c="dimmed" pl={20}>
          {learns}
        </Text>
      )}
    </>
  );
}
