"use client";

import { Anchor, Badge, Button, Group, Stack, Table, Text, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { FormDialog } from "@/components/ui/form-dialog";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { createWorkspace, setArchived, workspaceQueries } from "@/lib/client/workspaces";
import type { Workspace } from "@/lib/contracts/workspaces";
import { ActionsHeading } from "@/components/ui/actions-heading";

/** The workspaces that the person sees, archived ones included. */
export function WorkspacesPanel({ workspace, mayCreate }: { workspace: string; mayCreate: boolean }) {
  const { data, error, refetch } = useQuery(workspaceQueries.all());
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<Workspace | null>(null);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Stack gap="md">
      {mayCreate && (
        <Group justify="flex-end">
          <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
            New workspace
          </Button>
        </Group>
      )}
      <WideTable label="Workspaces" minWidth={520}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Workspace</Table.Th>
              <Table.Th>Your roles</Table.Th>
              <Table.Th ta="right">Features</Table.Th>
              <ActionsHeading />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((row) => (
              <Table.Tr key={row.name}>
                <Table.Td>
                  <Group gap={6}>
                    <Anchor component={Link} href={`/workspaces/${row.name}`} fw={600}>
                      {row.title}
                    </Anchor>
                    {row.name === workspace && (
                      <Badge size="xs" variant="light">
                        this one
                      </Badge>
                    )}
                    {row.archivedAt && (
                      <Badge size="xs" color="gray" variant="light">
                        archived <TimeAgo at={row.archivedAt} />
                      </Badge>
                    )}
                  </Group>
                  <Text size="sm" c="dimmed">
                    {row.name}
                  </Text>
                </Table.Td>
                <Table.Td>{row.roles.join(", ")}</Table.Td>
                <Table.Td ta="right">{row.counts.features}</Table.Td>
                <Table.Td ta="right">
                  {row.roles.includes("admin") && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => setAsked(row)}
                      aria-label={`${row.archivedAt ? "Restore" : "Archive"} ${row.title}`}
                    >
                      {row.archivedAt ? "Restore" : "Archive"}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {making && <NewWorkspace onClose={() => setMaking(false)} />}
      {asked && <ArchiveDialog row={asked} onClose={() => setAsked(null)} />}
    </Stack>
  );
}

function ArchiveDialog({ row, onClose }: { row: Workspace; onClose: () => void }) {
  const queries = useQueryClient();
  const archive = row.archivedAt === null;
  const act = useMutation({
    mutationFn: () => setArchived({ name: row.name, archived: archive }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["workspaces"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={archive ? "Archive this workspace?" : "Restore this workspace?"}
      submit={archive ? "Archive" : "Restore"}
      color={archive ? "red" : undefined}
      pending={act.isPending}
      error={act.error}
      onSubmit={() => act.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        {archive
          ? `Nothing in ${row.title} can be changed and no schedule runs while it is archived. Its data stays, and an administrator can restore it here.`
          : `${row.title} is in use again, and its schedules run.`}
      </Text>
    </FormDialog>
  );
}

function NewWorkspace({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const make = useMutation({
    mutationFn: () => createWorkspace({ name, description, ...(title.trim() && { title }) }),
    // A whole new page: every part of the portal is about another workspace.
    onSuccess: ({ workspace }) => window.location.assign(`/?workspace=${workspace.name}`),
  });
  return (
    <FormDialog
      title="New workspace"
      submit="Create workspace"
      pending={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="Used in addresses and specs: lower-case letters, digits and _."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        pattern="[a-z][a-z0-9_]*"
        maxLength={63}
        required
        withAsterisk={false}
        data-autofocus
      />
      <TextInput label="Title" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Text size="sm" c="dimmed">
        You are its first administrator, and can invite others.
      </Text>
    </FormDialog>
  );
}
