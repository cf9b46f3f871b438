"use client";

import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { channelQueries } from "@/lib/client/notifications";
import { ChannelTable } from "./channel-table";
import { DeliveryLog } from "./delivery-log";
import { NewChannelDialog } from "./new-channel-dialog";

/** Where the workspace's events are told, and how that goes. The channel whose log is open stands in the URL. */
export function NotificationsPanel({ workspace }: { workspace: string }) {
  const { data, error, refetch } = useQuery(channelQueries.list(workspace));
  const [shown, show] = useQueryState("channel", parseAsString);
  const [making, { open, close }] = useDisclosure(false);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New channel
    </Button>
  );
  const channel = data.items.find(({ name }) => name === shown);
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState title="No notification channels" action={button}>
          A channel notifies a chat, a service or people by e-mail when an alert opens, a change waits for a decision, a
          run fails or a dataset goes into quarantine.
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between" mb="sm">
            <Text size="sm" c="dimmed">
              {data.items.filter(({ active }) => active).length} of {data.total} active
            </Text>
            {button}
          </Group>
          <ChannelTable workspace={workspace} channels={data.items} onShowLog={(name) => void show(name)} />
        </>
      )}
      <NewChannelDialog workspace={workspace} opened={making} onClose={close} />
      {channel && <DeliveryLog workspace={workspace} channel={channel} onClose={() => void show(null)} />}
    </>
  );
}
