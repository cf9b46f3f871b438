"use client";

import { Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ROLE_MEANING } from "@/components/people/role-badge";
import { CodeBlock } from "@/components/ui/code-block";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
import { createToken, tokenQueries } from "@/lib/client/tokens";
import { ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import { ROLES, type Role } from "@/lib/domain/roles";

const DAY_MS = 24 * 60 * 60_000;
const LIFETIMES = [
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
  { value: "", label: "never" },
];

/** Asks what a token is for, makes it, and shows its secret once. */
export function NewTokenDialog({
  workspace,
  opened,
  onClose,
}: {
  workspace: string;
  opened: boolean;
  onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<string[]>(["viewer"]);
  const [environment, setEnvironment] = useState("");
  const [days, setDays] = useState("90");
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: createToken,
    onSuccess: () => queries.invalidateQueries({ queryKey: tokenQueries.list(workspace).queryKey }),
  });
  function close() {
    onClose();
    // The secret is shown once: opening the dialog again begins anew.
    make.reset();
    setName("");
  }
  function submit() {
    make.mutate({
      workspace,
      name,
      roles: roles as Role[],
      environment: environment === "" ? null : (environment as Environment),
      expiresAt: days === "" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
    });
  }
  if (make.data)
    return (
      // The secret is gone with the dialog, so a click beside it must not close it.
      <Modal
        opened={opened}
        onClose={close}
        title="Copy the secret now"
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Stack gap="md">
          <Text size="sm">
            This is the secret of <strong>{make.data.token.name}</strong>. It is shown only once and is not stored.
          </Text>
          <CodeBlock code={make.data.secret} label="secret" />
          <CodeBlock
            code={`curl -H "Authorization: Bearer ${make.data.secret}" ${window.location.origin}/api/v1/me`}
            label="example"
          />
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <FormDialog
      opened={opened}
      title="New token"
      submit="Create token"
      pending={make.isPending}
      disabled={roles.length === 0}
      error={make.error}
      fields={["name", "roles", "expiresAt"]}
      onSubmit={submit}
      onClose={close}
    >
      <TextInput
        label="Name"
        description="What it is for, such as “CI of network-planning”."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(make.error, "name")}
        required
        withAsterisk={false}
        data-autofocus
      />
      <Checkbox.Group label="Roles" value={roles} onChange={setRoles} error={issueOf(make.error, "roles")}>
        <Stack gap={6} mt={4}>
          {ROLES.map((role) => (
            <Checkbox key={role} value={role} label={`${role}: ${ROLE_MEANING[role]}`} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Select
        label="Environment"
        description="Whose features it reads online, and where it may act."
        data={[{ value: "", label: "any" }, ...ENVIRONMENTS.map((value) => ({ value, label: value }))]}
        value={environment}
        onChange={(value) => setEnvironment(value ?? "")}
        allowDeselect={false}
      />
      <Select
        label="Expires"
        data={LIFETIMES}
        value={days}
        onChange={(value) => setDays(value ?? "")}
        error={issueOf(make.error, "expiresAt")}
        allowDeselect={false}
      />
    </FormDialog>
  );
}
