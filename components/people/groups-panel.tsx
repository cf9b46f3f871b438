"use client";

import { Button, Group, MultiSelect, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { FormDialog } from "@/components/ui/form-dialog";
import { WideTable } from "@/components/ui/wide-table";
import { createGroup, deleteGroup, peopleQueries, updateGroup } from "@/lib/client/people";
import type { Group as PeopleGroup } from "@/lib/contracts/groups";
import { useRefreshPeople } from "./person-dialogs";
import { ActionsHeading } from "@/components/ui/actions-heading";

/** Groups own features, stages and pipelines: the approval of a member is the owner's. */
export function GroupsPanel({ workspace, manages }: { workspace: string; manages: boolean }) {
  const { data, error, refetch } = useQuery(peopleQueries.groups(workspace));
  /** The group that is edited, or `new`. */
  const [edited, setEdited] = useState<PeopleGroup | "new" | null>(null);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  const button = manages && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
      New group
    </Button>
  );
  return (
    <Stack gap="md">
      {data.items.length === 0 ? (
        <EmptyState title="No group yet" action={button || undefined}>
          A group owns features, stages and pipelines together: name it as their owner in a spec.
        </EmptyState>
      ) : (
        <>
          {button && <Group justify="flex-end">{button}</Group>}
          <WideTable label="Groups" minWidth={520}>
            <Table verticalSpacing={8}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Group</Table.Th>
                  <Table.Th>Members</Table.Th>
                  <Table.Th ta="right">Owns</Table.Th>
                  {manages && <ActionsHeading />}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map((group) => (
                  <Table.Tr key={group.name}>
                    <Table.Td>
                      <Text fw={600}>{group.name}</Text>
                      {group.description && (
                        <Text size="sm" c="dimmed">
                          {group.description}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {group.members.length === 0 ? (
                        <Text size="sm" c="dimmed">
                          no members: nobody can approve as the owner
                        </Text>
                      ) : (
                        group.members.map(({ name }) => name).join(", ")
                      )}
                    </Table.Td>
                    <Table.Td ta="right">{group.owns}</Table.Td>
                    {manages && (
                      <Table.Td ta="right">
                        <Button
                          size="compact-sm"
                          variant="default"
                          onClick={() => setEdited(group)}
                          aria-label={`Edit ${group.name}`}
                        >
                          Edit
                        </Button>
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </>
      )}
      {edited && (
        <GroupDialog workspace={workspace} group={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Stack>
  );
}

function GroupDialog({
  workspace,
  group,
  onClose,
}: {
  workspace: string;
  group: PeopleGroup | null;
  onClose: () => void;
}) {
  const people = useQuery(peopleQueries.list(workspace));
  const refresh = useRefreshPeople(workspace);
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const [members, setMembers] = useState(group?.members.map(({ email }) => email) ?? []);
  const done = { onSuccess: () => refresh().then(onClose) };
  const save = useMutation({
    mutationFn: () =>
      group
        ? updateGroup(workspace, group.name, { description, members })
        : createGroup({ workspace, name, description, members }),
    ...done,
  });
  const remove = useMutation({ mutationFn: () => deleteGroup(workspace, group?.name ?? ""), ...done });
  return (
    <FormDialog
      title={group ? group.name : "New group"}
      submit={group ? "Save" : "Create group"}
      pending={save.isPending}
      error={save.error ?? remove.error}
      aside={
        group && (
          <Button
            variant="default"
            loading={remove.isPending}
            disabled={group.owns > 0}
            title={group.owns > 0 ? "It owns something: give that another owner first." : undefined}
            onClick={() => remove.mutate()}
          >
            Delete group
          </Button>
        )
      }
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {!group && (
        <TextInput
          label="Name"
          description="As `owner` in a spec, such as network-planning."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
          data-autofocus
        />
      )}
      <TextInput
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <MultiSelect
        label="Members"
        data={people.data?.items.map((person) => ({ value: person.email, label: person.name })) ?? []}
        value={members}
        onChange={setMembers}
        searchable
      />
    </FormDialog>
  );
}
