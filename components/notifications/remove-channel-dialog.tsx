"use client";

import { Button, Group, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { channelMutations } from "@/lib/client/notifications";
import type { NotificationChannel } from "@/lib/contracts/notifications";

export function RemoveChannelDialog({
  workspace,
  channel: { name, waiting },
  onClose,
}: {
  workspace: string;
  channel: NotificationChannel;
  onClose: () => void;
}) {
  const remove = useMutation(channelMutations.remove(useQueryClient(), workspace, name));
  return (
    <Modal opened onClose={onClose} title="Delete this channel?" closeButtonProps={{ "aria-label": "Close" }}>
      <Text size="sm" mb="md">
        <strong>{name}</strong> is told nothing any more
        {waiting > 0 && `, not even the ${waiting === 1 ? "message" : `${waiting} messages`} waiting for it`}, and its
        delivery log is gone. It cannot be undone; pausing can.
      </Text>
      {remove.error && (
        <Text size="sm" c="red" role="alert" mb="sm">
          {remove.error.message}
        </Text>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: onClose })}>
          Delete it
        </Button>
      </Group>
    </Modal>
  );
}
