"use client";

import { Button, Group, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
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
  return (
    <Modal
      opened
      onClose={onClose}
      title={secret ? "Copy the secret now" : "Make a new secret?"}
      closeOnClickOutside={!secret}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {secret ? (
        <SecretOnce name={name} secret={secret} onDone={onClose} />
      ) : (
        <>
          <Text size="sm" mb="md">
            Everything that <strong>{name}</strong> sends from now on is signed with the new secret, what waits among
            it. Receivers that know only the old one refuse it until they are told.
          </Text>
          {rotate.error && (
            <Text size="sm" c="red" role="alert" mb="sm">
              {rotate.error.message}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Keep the old one
            </Button>
            <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
              Make a new secret
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}
