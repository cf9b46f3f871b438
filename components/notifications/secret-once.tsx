"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { CodeBlock } from "@/components/ui/code-block";

/** The secret of a webhook, for the one time that it can be read. */
export function SecretOnce({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  return (
    <Stack gap="md">
      <Text size="sm">
        The receiver of <strong>{name}</strong> checks signatures with this secret. It is shown only once; if it is
        lost, make a new one.
      </Text>
      <CodeBlock code={secret} label="secret" />
      <Text size="sm">
        <code>Tributary-Signature</code> is <code>v1=</code> and the hexadecimal HMAC-SHA-256, under this secret, of{" "}
        <code>Tributary-Timestamp</code>, a full stop and the body.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
