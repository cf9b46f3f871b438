"use client";

import { ActionIcon, Badge, Button, Group, Menu, Stack, Table, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { peopleQueries } from "@/lib/client/people";
import type { Person } from "@/lib/contracts/people";
import { ROLES } from "@/lib/domain/roles";
import { InvitationTable } from "./invitation-table";
import { PersonAvatar } from "./person-avatar";
import { InviteDialog, type PersonStep, PersonStepDialog, RolesDialog } from "./person-dialogs";
import { ROLE_MEANING, RoleBadge } from "./role-badge";
import { ActionsHeading } from "@/components/ui/actions-heading";

/** Who has which role, what the roles are for, and for administrators whom to invite and what to change. */
export function PeoplePanel({ workspace, me, manages }: { workspace: string; me: string; manages: boolean }) {
  const { data, error, refetch } = useQuery(peopleQueries.list(workspace));
  const [inviting, { open, close }] = useDisclosure(false);
  const [asked, setAsked] = useState<{ person: Person; step: PersonStep | "roles" } | null>(null);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Stack gap="md">
      {manages && (
        <Group justify="flex-end">
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            Invite person
          </Button>
        </Group>
      )}
      <WideTable label="People" minWidth={620}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Person</Table.Th>
              <Table.Th>What they do</Table.Th>
              <Table.Th>Groups</Table.Th>
              <Table.Th>Roles</Table.Th>
              {manages && <ActionsHeading />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((person) => (
              <Table.Tr key={person.id}>
                <Table.Td>
                  <Group gap={10} wrap="nowrap">
                    <PersonAvatar name={person.name} />
                    <div>
                      <Group gap={6}>
                        <Text fw={600}>{person.name}</Text>
                        {person.id === me && (
                          <Badge size="xs" variant="light">
                            you
                          </Badge>
                        )}
                        {person.disabled && (
                          <Badge size="xs" color="gray" variant="light">
                            disabled
                          </Badge>
                        )}
                      </Group>
                      <Text size="sm" c="dimmed">
                        {person.email}
                      </Text>
                    </div>
                  </Group>
                </Table.Td>
                <Table.Td>{person.title}</Table.Td>
                <Table.Td>{person.groups.join(", ")}</Table.Td>
                <Table.Td>
                  <Group gap={6}>
                    {person.roles.map((role) => (
                      <RoleBadge key={role} role={role} />
                    ))}
                  </Group>
                </Table.Td>
                {manages && (
                  <Table.Td ta="right">
                    <PersonMenu person={person} onAsk={(step) => setAsked({ person, step })} />
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {manages && <InvitationTable workspace={workspace} />}
      <Text size="sm" c="dimmed" maw="75ch" component="div">
        {ROLES.map((role) => (
          <div key={role}>
            <strong>{role}</strong> {ROLE_MEANING[role]}
          </div>
        ))}
      </Text>
      <InviteDialog workspace={workspace} opened={inviting} onClose={close} />
      {asked?.step === "roles" && (
        <RolesDialog workspace={workspace} person={asked.person} onClose={() => setAsked(null)} />
      )}
      {asked && asked.step !== "roles" && (
        <PersonStepDialog
          workspace={workspace}
          person={asked.person}
          step={asked.step}
          onClose={() => setAsked(null)}
        />
      )}
    </Stack>
  );
}

function PersonMenu({ person, onAsk }: { person: Person; onAsk: (step: PersonStep | "roles") => void }) {
  const step = person.disabled ? "enable" : "disable";
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" aria-label={`Actions on ${person.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk("roles")}>Change roles</Menu.Item>
        <Menu.Item onClick={() => onAsk(step)}>{person.disabled ? "Enable account" : "Disable account"}</Menu.Item>
        <Menu.Item onClick={() => onAsk("remove")}>Remove from workspace</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
