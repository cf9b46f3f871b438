"use client";

import { Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
import { channelMutations } from "@/lib/client/notifications";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { CHANNEL_FIELDS, ChannelFields, type ChannelInput } from "./channel-fields";
import { SecretOnce } from "./secret-once";

const EMPTY: ChannelInput = {
  target: "",
  format: "tributary",
  events: ["alert.opened", "dataset.quarantined", "run.failed"],
};

/** Asks whom to tell of what, makes the channel, and shows a webhook's secret once. */
export function NewChannelDialog({
  workspace,
  opened,
  onClose,
}: {
  workspace: string;
  opened: boolean;
  onClose: () => void;
}) {
  const [kind, setKind] = useState<NotificationChannel["kind"]>("webhook");
  const [name, setName] = useState("");
  const [input, setInput] = useState(EMPTY);
  const make = useMutation(channelMutations.create(useQueryClient(), workspace));
  const secret = make.data?.secret;
  function close() {
    onClose();
    make.reset();
    setName("");
    setInput(EMPTY);
  }
  if (secret)
    return (
      // The secret is gone with the dialog, so a click beside it must not close it.
      <Modal
        opened={opened}
        onClose={close}
        title="Copy the secret now"
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <SecretOnce name={name} secret={secret} onDone={close} />
      </Modal>
    );
  return (
    <FormDialog
      opened={opened}
      title="New channel"
      submit="Create channel"
      pending={make.isPending}
      disabled={input.events.length === 0}
      error={make.error}
      fields={CHANNEL_FIELDS}
      onSubmit={() => make.mutate({ name, kind, ...input }, { onSuccess: (made) => made.secret === null && close() })}
      onClose={close}
    >
      <SegmentedControl
        aria-label="Kind"
        value={kind}
        onChange={(value) => {
          setKind(value === "email" ? "email" : "webhook");
          make.reset();
        }}
        data={[
          { value: "webhook", label: "Webhook" },
          { value: "email", label: "E-mail" },
        ]}
      />
      <TextInput
        label="Name"
        description="Such as on_call: small letters, digits and _."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(make.error, "name")}
        required
        withAsterisk={false}
        data-autofocus
      />
      <ChannelFields kind={kind} value={input} onChange={setInput} error={make.error} />
    </FormDialog>
  );
}
