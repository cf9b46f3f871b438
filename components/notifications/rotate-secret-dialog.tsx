"use client";

import { Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormDialog } from "@/components/ui/form-dialog";
import { channelMutations } from "@/lib/client/notifications";
import { SecretOnce } from "./secret-once";

/** Replaces a webhook's secret, after saying what that means. */
export function RotateSecretDialog({
  workspace,
  name,
  onClose,
}: {
  workspace: string;
  name: string;
  onClose: () => void;
}) {
  const rotate = useMutation(channelMutations.rotate(useQueryClient(), workspace, name));
  const secret = rotate.data?.secret;
  if (secret)
    return (
      <Modal
        opened
        onClose={onClose}
        title="Copy the secret now"
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <SecretOnce name={name} secret={secret} onDone={onClose} />
      </Modal>
    );
  return (
    <FormDialog
      title="Make a new secret?"
      submit="Make a new secret"
      pending={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        Everything that <strong>{name}</strong> sends from now on is signed with the new secret, including messages that
        are waiting. Receivers that know only the old secret reject them until you update it there.
      </Text>
    </FormDialog>
  );
}
