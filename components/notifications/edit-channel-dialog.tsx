"use client";

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { channelMutations } from "@/lib/client/notifications";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { ChannelFields, type ChannelInput } from "./channel-fields";

export function EditChannelDialog({
  workspace,
  channel: { name, kind, target, format, events },
  onClose,
}: {
  workspace: string;
  channel: NotificationChannel;
  onClose: () => void;
}) {
  const [input, setInput] = useState<ChannelInput>({ target, format, events });
  const update = useMutation(channelMutations.update(useQueryClient(), workspace, name));
  return (
    <Modal opened onClose={onClose} title={`Channel ${name}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate(input, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          <ChannelFields kind={kind} value={input} onChange={setInput} error={update.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={update.isPending} disabled={input.events.length === 0}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
