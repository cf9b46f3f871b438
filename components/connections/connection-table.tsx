"use client";

import { ActionIcon, Alert, Anchor, Button, Group, Menu, Table, Text } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { Fragment, useState } from "react";
import { ActionsHeading } from "@/components/ui/actions-heading";
import { FormDialog } from "@/components/ui/form-dialog";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { connectionMutations } from "@/lib/client/connections";
import type { Connection } from "@/lib/contracts/connections";

export function ConnectionTable({
  workspace,
  connections,
  manages,
  onEdit,
}: {
  workspace: string;
  connections: Connection[];
  manages: boolean;
  onEdit: (connection: Connection) => void;
}) {
  const [removed, remove] = useState<Connection | null>(null);
  return (
    <>
      <WideTable label="Connections" minWidth={760}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Connection</Table.Th>
              <Table.Th>TLS</Table.Th>
              <Table.Th>Sources</Table.Th>
              <Table.Th>Changed</Table.Th>
              {manages && <ActionsHeading />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {connections.map((connection) => (
              <Row
                key={connection.name}
                workspace={workspace}
                connection={connection}
                manages={manages}
                onEdit={() => onEdit(connection)}
                onRemove={() => remove(connection)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {removed && <RemoveDialog workspace={workspace} connection={removed} onClose={() => remove(null)} />}
    </>
  );
}

function Row({
  workspace,
  connection: { name, host, port, database, user, tls, hasPassword, sources, updatedAt },
  manages,
  onEdit,
  onRemove,
}: {
  workspace: string;
  connection: Connection;
  manages: boolean;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const test = useMutation(connectionMutations.test(workspace, name));
  return (
    <>
      <Table.Tr>
        <Table.Td maw={360}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed" truncate title={`${user}@${host}:${port}/${database}`}>
            {user}@{host}:{port}/{database}
            {!hasPassword && ", no password"}
          </Text>
        </Table.Td>
        <Table.Td>{tls}</Table.Td>
        <Table.Td>
          {sources.length === 0
            ? "none"
            : sources.map((source, at) => (
                <Fragment key={source}>
                  {at > 0 && ", "}
                  <Anchor component={Link} href={`/sources/${source}`} size="sm">
                    {source}
                  </Anchor>
                </Fragment>
              ))}
        </Table.Td>
        <Table.Td>
          <TimeAgo at={updatedAt} />
        </Table.Td>
        {manages && (
          <Table.Td>
            <Group gap={6} justify="flex-end" wrap="nowrap">
              <Button
                size="compact-sm"
                variant="default"
                loading={test.isPending}
                onClick={() => test.mutate()}
                aria-label={`Test ${name}`}
              >
                Test
              </Button>
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <ActionIcon variant="default" size={26} aria-label={`More of ${name}`}>
                    <IconDotsVertical size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={onEdit}>Edit</Menu.Item>
                  <Menu.Item color="red" onClick={onRemove}>
                    Delete
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Group>
          </Table.Td>
        )}
      </Table.Tr>
      {(test.data ?? test.error) && (
        <Table.Tr>
          <Table.Td colSpan={manages ? 5 : 4}>
            <Alert color={test.data?.ok ? "green" : "red"} role={test.data?.ok ? "status" : "alert"}>
              {test.data?.message ?? test.error?.message}
            </Alert>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function RemoveDialog({
  workspace,
  connection: { name },
  onClose,
}: {
  workspace: string;
  connection: Connection;
  onClose: () => void;
}) {
  const remove = useMutation(connectionMutations.remove(useQueryClient(), workspace, name));
  return (
    <FormDialog
      title="Delete this connection?"
      submit="Delete"
      color="red"
      pending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text size="sm">
        <strong>{name}</strong> and its password are deleted. Versions of data that were read by it stay.
      </Text>
    </FormDialog>
  );
}
