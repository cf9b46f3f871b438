"use client";

import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { tokenQueries } from "@/lib/client/tokens";
import { NewTokenDialog } from "./new-token-dialog";
import { TokenTable } from "./token-table";

export function TokensPanel({ workspace }: { workspace: string }) {
  const { data, error, refetch } = useQuery(tokenQueries.list(workspace));
  const [making, { open, close }] = useDisclosure(false);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New token
    </Button>
  );
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState title="No token yet" action={button}>
          Programs speak to the API with a token of their own: CI that applies specs, services that read online
          features. Each has its roles, and can be revoked.
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between" mb="sm">
            <Text size="sm" c="dimmed">
              {data.items.filter(({ state }) => state === "active").length} of {data.total} work
            </Text>
            {button}
          </Group>
          <TokenTable workspace={workspace} tokens={data.items} />
        </>
      )}
      <NewTokenDialog workspace={workspace} opened={making} onClose={close} />
    </>
  );
}
