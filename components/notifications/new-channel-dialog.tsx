"use client";

import { Button, Group, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { channelMutations } from "@/lib/client/notifications";
import type { NotificationChannel } from "@/lib/contracts/notifications";
import { ChannelFields, type ChannelInput, issuesOf } from "./channel-fields";
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
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={secret ? "Copy the secret now" : "New channel"}
      // The secret is gone with the dialog, so a click beside it must not close it.
      closeOnClickOutside={!secret}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {secret ? (
        <SecretOnce name={name} secret={secret} onDone={close} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ name, kind, ...input }, { onSuccess: (made) => made.secret === null && close() });
          }}
        >
          <Stack gap="md">
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
              error={issuesOf(make.error).of("name")}
              required
              withAsterisk={false}
              data-autofocus
            />
            <ChannelFields kind={kind} value={input} onChange={setInput} error={make.error} />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={make.isPending} disabled={input.events.length === 0}>
                Create channel
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
