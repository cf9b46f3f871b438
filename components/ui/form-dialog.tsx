"use client";

import { Button, Group, Modal, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { FormError } from "./form-error";

/** A dialog that asks for something and does it: what it asks, why the server refused, and the two ways out. */
export function FormDialog({
  title,
  opened = true,
  size,
  submit,
  color,
  pending,
  disabled,
  error,
  errorTitle,
  fields,
  aside,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  opened?: boolean;
  size?: string;
  /** What the button that does it says. */
  submit: string;
  color?: string;
  pending: boolean;
  disabled?: boolean;
  error: Error | null;
  errorTitle?: string;
  /** Fields that say themselves what is wrong with them. */
  fields?: readonly string[];
  /** Another way out, at the other end. */
  aside?: ReactNode;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send}>
        <Stack gap="md">
          {children}
          <FormError error={error} title={errorTitle} fields={fields} />
          <Group justify={aside ? "space-between" : "flex-end"} gap="sm">
            {aside}
            <Group gap="sm">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" color={color} loading={pending} disabled={disabled}>
                {submit}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
