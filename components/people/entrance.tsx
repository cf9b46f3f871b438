import { Container, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";
import classes from "./sign-in.module.css";

/** The frame of the pages before the portal. */
export function Entrance({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <Container size={680} w="100%" p={0}>
        <Stack gap="lg">
          <Stack gap="sm">
            <Group gap={10}>
              <Logo size={28} />
              <Text fw={600} size="lg">
                Tributary
              </Text>
            </Group>
            <Title order={1}>{title}</Title>
            <Text c="dimmed" maw="75ch" component="div">
              {lead}
            </Text>
          </Stack>
          {children}
        </Stack>
      </Container>
    </main>
  );
}
