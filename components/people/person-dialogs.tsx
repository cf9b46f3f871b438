"use client";

import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { FormDialog } from "@/components/ui/form-dialog";
import { issueOf } from "@/components/ui/issues";
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
            It works once, until {invitation?.expiresAt.slice(0, 10)}, and is shown only once.
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
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<Role[]>(["viewer"]);
  const invite = useMutation({ mutationFn: invitePerson, onSuccess: refresh });
  function leave() {
    onClose();
    invite.reset();
    setEmail("");
    setName("");
    setRoles(["viewer"]);
  }
  if (invite.data)
    return (
      <Modal opened={opened} onClose={leave} title="Invited" closeOnClickOutside={false} closeButtonProps={close}>
        <InvitationLink invited={invite.data} onDone={leave} />
      </Modal>
    );
  return (
    <FormDialog
      opened={opened}
      title="Invite a person"
      submit="Invite"
      pending={invite.isPending}
      disabled={roles.length === 0}
      error={invite.error}
      fields={["email", "name", "roles"]}
      onSubmit={() => invite.mutate({ workspace, email, name, roles })}
      onClose={leave}
    >
      <TextInput
        label="E-mail"
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={issueOf(invite.error, "email")}
        required
        withAsterisk={false}
        data-autofocus
      />
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={issueOf(invite.error, "name")}
        required
        withAsterisk={false}
      />
      <RoleChoice value={roles} onChange={setRoles} error={issueOf(invite.error, "roles")} />
    </FormDialog>
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
    <FormDialog
      title={`Roles of ${person.name}`}
      submit="Save"
      pending={change.isPending}
      disabled={roles.length === 0 && fixed.length === 0}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      {fixed.length > 0 && (
        <Text size="sm">
          {person.name} is {fixed.join(", ")} in every workspace. These roles are added in this one.
        </Text>
      )}
      <RoleChoice value={roles} onChange={setRoles} />
    </FormDialog>
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
    <FormDialog
      title={title}
      submit={button}
      color={step === "enable" ? undefined : "red"}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        <strong>{person.name}</strong> {sentence}
      </Text>
    </FormDialog>
  );
}
