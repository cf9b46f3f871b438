"use client";

import { Badge, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "@/components/ui/error-state";
import { WideTable } from "@/components/ui/wide-table";
import { peopleQueries } from "@/lib/client/people";
import { ROLES } from "@/lib/domain/roles";
import { PersonAvatar } from "./person-avatar";
import { ROLE_MEANING, RoleBadge } from "./role-badge";

/** Who has which role, and what the roles are for. */
export function PeoplePanel({ workspace, me }: { workspace: string; me: string }) {
  const { data, error, refetch } = useQuery(peopleQueries.list(workspace));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Stack gap="md">
      <WideTable label="People" minWidth={520}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Person</Table.Th>
              <Table.Th>What they do</Table.Th>
              <Table.Th>Roles</Table.Th>
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
                <Table.Td>
                  <Group gap={6}>
                    {person.roles.map((role) => (
                      <RoleBadge key={role} role={role} />
                    ))}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="sm" c="dimmed" maw="75ch" component="div">
        {ROLES.map((role) => (
          <div key={role}>
            <strong>{role}</strong> {ROLE_MEANING[role]}
          </div>
        ))}
      </Text>
    </Stack>
  );
}
