"use client";

import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { ApiError } from "@/lib/client/api";
import { invitePerson, peopleQueries, removePerson, updatePerson } from "@/lib/client/people";
import type { Invited, Person } from "@/lib/contracts/people";
import { ROLES, type Role } from "@/lib/domain/roles";
import { ROLE_MEANING } from "./role-badge";

/** Lists that a change of people touches. */
export function useRefreshPeople(workspace: string): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      [peopleQueries.list, peopleQueries.invitations, peopleQueries.groups].map((query) =>
        queries.invalidateQueries({ queryKey: query(workspace).queryKey }),
      ),
    );
}

const close = { "aria-label": "Close" };

function RoleChoice({ value, error, onChange }: { value: Role[]; error?: string; onChange: (roles: Role[]) => void }) {
  return (
    <Checkbox.Group label="Roles" value={value} error={error} onChange={(roles) => onChange(roles as Role[])}>
      <Stack gap={6} mt={4}>
        {ROLES.map((role) => (
          <Checkbox key={role} value={role} label={`${role}: ${ROLE_MEANING[role]}`} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

/** The link of an invitation, which is shown once. */
export function InvitationLink({ invited, onDone }: { invited: Invited; onDone: () => void }) {
  const { person, invitation, link, mailed } = invited;
  return (
    <Stack gap="md">
      {link === null ? (
        <Text size="sm">
          <strong>{person?.name}</strong> has an account and is in this workspace now.
        </Text>
      ) : (
        <>
          <Text size="sm">
            {mailed ? `The link was sent to ${invitation?.email}. ` : `Send this link to ${invitation?.email}. `}
            It works once, until {invitation?.expiresAt.slice(0, 10)}, and is shown this once only.
          </Text>
          <CodeBlock code={link} label="link" />
        </>
      )}
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}

export function InviteDialog({
  workspace,
  opened,
  onClose,
}: {
  workspace: string;
  opened: boolean;
  onClose: () => void;
}) {
  const refresh = useRefreshPeople(workspace);
  const invite = useMutation({ mutationFn: invitePerson, onSuccess: refresh });
  function leave() {
    onClose();
    invite.reset();
  }
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={invite.data ? "Invited" : "Invite a person"}
      closeOnClickOutside={!invite.data}
      closeButtonProps={close}
    >
      {invite.data ? (
        <InvitationLink invited={invite.data} onDone={leave} />
      ) : (
        <InviteForm
          error={invite.error}
          waiting={invite.isPending}
          onCancel={leave}
          onInvite={(input) => invite.mutate({ workspace, ...input })}
        />
      )}
    </Modal>
  );
}

function InviteForm({
  error,
  waiting,
  onCancel,
  onInvite,
}: {
  error: Error | null;
  waiting: boolean;
  onCancel: () => void;
  onInvite: (input: { email: string; name: string; roles: Role[] }) => void;
}) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<Role[]>(["viewer"]);
  const issues = error instanceof ApiError ? (error.problem.issues ?? []) : [];
  const issueOf = (field: string) => issues.find(({ path }) => path[0] === field)?.message;
  function submit(event: FormEvent) {
    event.preventDefault();
    onInvite({ email, name, roles });
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
          label="E-mail"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={issueOf("email")}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={issueOf("name")}
          required
          withAsterisk={false}
        />
        <RoleChoice value={roles} onChange={setRoles} error={issueOf("roles")} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={waiting} disabled={roles.length === 0}>
            Invite
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Mounted anew for each person, so that it begins with their roles. */
export function RolesDialog({
  workspace,
  person,
  onClose,
}: {
  workspace: string;
  person: Person;
  onClose: () => void;
}) {
  const refresh = useRefreshPeople(workspace);
  const fixed = person.installationRoles;
  const [roles, setRoles] = useState<Role[]>(person.roles.filter((role) => !fixed.includes(role)));
  const change = useMutation({
    mutationFn: () => updatePerson(person.id, { workspace, roles }),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Roles of ${person.name}`} closeButtonProps={close}>
      <Stack gap="md">
        {change.error && (
          <Alert color="red" role="alert">
            {change.error.message}
          </Alert>
        )}
        {fixed.length > 0 && (
          <Text size="sm">
            {person.name} is {fixed.join(", ")} in every workspace. These roles are added in this one.
          </Text>
        )}
        <RoleChoice value={roles} onChange={setRoles} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={change.isPending}
            disabled={roles.length === 0 && fixed.length === 0}
            onClick={() => change.mutate()}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export type PersonStep = "disable" | "enable" | "remove";

const STEPS: Record<PersonStep, { title: string; button: string; sentence: string }> = {
  disable: {
    title: "Disable this account?",
    button: "Disable",
    sentence: "is signed out everywhere at once and cannot sign in again. Tokens issued to them are revoked.",
  },
  enable: {
    title: "Enable this account?",
    button: "Enable",
    sentence: "can sign in again, with the roles from before.",
  },
  remove: {
    title: "Remove from the workspace?",
    button: "Remove",
    sentence: "loses roles, groups and tokens in this workspace. The account stays.",
  },
};

export function PersonStepDialog({
  workspace,
  person,
  step,
  onClose,
}: {
  workspace: string;
  person: Person;
  step: PersonStep;
  onClose: () => void;
}) {
  const refresh = useRefreshPeople(workspace);
  const act = useMutation({
    mutationFn: () =>
      step === "remove"
        ? removePerson(person.id, workspace)
        : updatePerson(person.id, { workspace, disabled: step === "disable" }),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  const { title, button, sentence } = STEPS[step];
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={close}>
      <Text size="sm" mb="md">
        <strong>{person.name}</strong> {sentence}
      </Text>
      {act.error && (
        <Alert color="red" role="alert" mb="sm">
          {act.error.message}
        </Alert>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button color={step === "enable" ? undefined : "red"} loading={act.isPending} onClick={() => act.mutate()}>
          {button}
        </Button>
      </Group>
    </Modal>
  );
}
