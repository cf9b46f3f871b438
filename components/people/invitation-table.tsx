"use client";

import { Button, Group, Modal, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { ErrorState } from "@/components/ui/error-state";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { peopleQueries, renewInvitation, withdrawInvitation } from "@/lib/client/people";
import { InvitationLink, useRefreshPeople } from "./person-dialogs";
import { RoleBadge } from "./role-badge";
import { ActionsHeading } from "@/components/ui/actions-heading";

/** Invitations that nobody accepted yet; nothing when there are none. */
export function InvitationTable({ workspace }: { workspace: string }) {
  const { data, error, refetch } = useQuery(peopleQueries.invitations(workspace));
  const refresh = useRefreshPeople(workspace);
  const failed = ({ message }: Error) => notifications.show({ message, color: "red" });
  const renew = useMutation({ mutationFn: renewInvitation, onError: failed, onSettled: refresh });
  const withdraw = useMutation({ mutationFn: withdrawInvitation, onError: failed, onSettled: refresh });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  const waiting = data?.items.filter(({ state }) => state === "open" || state === "expired") ?? [];
  return (
    <>
      {waiting.length > 0 && (
        <section aria-labelledby="invitations">
          <Title order={2} size="h4" id="invitations" mb="xs">
            Invitations
          </Title>
          <WideTable label="Invitations" minWidth={620}>
            <Table verticalSpacing={8}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Invited</Table.Th>
                  <Table.Th>By</Table.Th>
                  <Table.Th>Link</Table.Th>
                  <Table.Th>Roles</Table.Th>
                  <ActionsHeading />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {waiting.map(({ id, name, email, invitedBy, createdAt, expiresAt, state, roles }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Text fw={600}>{name}</Text>
                      <Text size="sm" c="dimmed">
                        {email}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {invitedBy}, <TimeAgo at={createdAt} />
                    </Table.Td>
                    <Table.Td>
                      {state === "open" ? "works until" : "expired on"} {expiresAt.slice(0, 10)}
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6}>
                        {roles.map((role) => (
                          <RoleBadge key={role} role={role} />
                        ))}
                      </Group>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6} justify="flex-end" wrap="nowrap">
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => renew.mutate(id)}
                          aria-label={`New link for ${name}`}
                        >
                          New link
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => withdraw.mutate(id)}
                          aria-label={`Withdraw the invitation of ${name}`}
                        >
                          Withdraw
                        </Button>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </section>
      )}
      <Modal
        opened={renew.data !== undefined}
        onClose={renew.reset}
        title="New link"
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {renew.data && <InvitationLink invited={renew.data} onDone={renew.reset} />}
      </Modal>
    </>
  );
}
