"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { channelMutations } from "@/lib/client/notifications";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { CHANNEL_FIELDS, ChannelFields, type ChannelInput } from "./channel-fields";

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
    <FormDialog
      title={`Channel ${name}`}
      submit="Save"
      pending={update.isPending}
      disabled={input.events.length === 0}
      error={update.error}
      fields={CHANNEL_FIELDS}
      onSubmit={() => update.mutate(input, { onSuccess: onClose })}
      onClose={onClose}
    >
      <ChannelFields kind={kind} value={input} onChange={setInput} error={update.error} />
    </FormDialog>
  );
}
