import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Says that there is nothing, why, and what to do next. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="sm" py="xl" role="status">
      <Text fw={600}>{title}</Text>
      {children && (
        <Text size="sm" c="dimmed" maw={480} ta="center" component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
