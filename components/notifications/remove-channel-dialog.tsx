"use client";

import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/form-dialog";
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
    <FormDialog
      title="Delete this channel?"
      submit="Delete"
      color="red"
      pending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text size="sm">
        <strong>{name}</strong> gets no more messages
        {waiting > 0 && `, nor the ${waiting === 1 ? "one" : waiting} waiting for it`}, and its delivery log is deleted.
        This cannot be undone. You can pause the channel instead.
      </Text>
    </FormDialog>
  );
}
