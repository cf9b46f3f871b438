"use client";

import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ROLE_MEANING } from "@/components/people/role-badge";
import { CodeBlock } from "@/components/ui/code-block";
import { ApiError } from "@/lib/client/api";
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
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: createToken,
    onSuccess: () => queries.invalidateQueries({ queryKey: tokenQueries.list(workspace).queryKey }),
  });
  function close() {
    onClose();
    // The secret is shown once: opening the dialog again begins anew.
    make.reset();
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={make.data ? "Copy the secret now" : "New token"}
      // The secret is gone with the dialog, so a click beside it must not close it.
      closeOnClickOutside={!make.data}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {make.data ? (
        <Stack gap="md">
          <Text size="sm">
            This is the secret of <strong>{make.data.token.name}</strong>. It is shown this once and kept nowhere.
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
      ) : (
        <TokenForm
          error={make.error}
          waiting={make.isPending}
          onCancel={close}
          onMake={(input) => make.mutate({ workspace, ...input })}
        />
      )}
    </Modal>
  );
}

interface TokenInput {
  name: string;
  roles: Role[];
  environment: Environment | null;
  expiresAt: string | null;
}

function TokenForm({
  error,
  waiting,
  onCancel,
  onMake,
}: {
  error: Error | null;
  waiting: boolean;
  onCancel: () => void;
  onMake: (input: TokenInput) => void;
}) {
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<string[]>(["viewer"]);
  const [environment, setEnvironment] = useState("");
  const [days, setDays] = useState("90");
  const issues = error instanceof ApiError ? (error.problem.issues ?? []) : [];
  const issueOf = (field: string) => issues.find(({ path }) => path[0] === field)?.message;

  function submit(event: FormEvent) {
    event.preventDefault();
    onMake({
      name,
      roles: roles as Role[],
      environment: environment === "" ? null : (environment as Environment),
      expiresAt: days === "" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
    });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {error && issues.length === 0 && (
          <Alert color="red" role="alert">
            {error.message}
          </Alert>
        )}
        <TextInput
          label="Name"
          description="What it is for, such as “CI of network-planning”."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={issueOf("name")}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Checkbox.Group label="Roles" value={roles} onChange={setRoles} error={issueOf("roles")}>
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
          error={issueOf("expiresAt")}
          allowDeselect={false}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={waiting} disabled={roles.length === 0}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
