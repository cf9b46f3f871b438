import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** Title of a page with what can be done there; `facts` is one line below it. */
export function PageHeader({ title, facts, actions }: { title: ReactNode; facts?: ReactNode; actions?: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2}>
        <Title order={1} style={{ overflowWrap: "anywhere" }}>
          {title}
        </Title>
        {facts && (
          <Text size="sm" c="dimmed" component="div">
            {facts}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}
