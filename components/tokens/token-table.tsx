"use client";

import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { RoleBadge } from "@/components/people/role-badge";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { FormDialog } from "@/components/ui/form-dialog";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { revokeToken, tokenQueries } from "@/lib/client/tokens";
import type { Token } from "@/lib/contracts/tokens";
import { ActionsHeading } from "@/components/ui/actions-heading";

const STATE_COLOR = { active: "teal", expired: "gray", revoked: "gray" } as const;

export function TokenTable({ workspace, tokens }: { workspace: string; tokens: Token[] }) {
  const [asking, setAsking] = useState<Token | null>(null);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (token: Token) => revokeToken(token.id),
    onSuccess: (token) => {
      notifications.show({ message: `The token ${token.name} no longer works.`, color: "teal" });
      setAsking(null);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tokenQueries.list(workspace).queryKey }),
  });
  return (
    <>
      <WideTable label="Tokens" minWidth={760}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Token</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Roles</Table.Th>
              <Table.Th>Environment</Table.Th>
              <Table.Th>Last used</Table.Th>
              <Table.Th>Expires</Table.Th>
              <ActionsHeading />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.map((token) => (
              <Table.Tr key={token.id}>
                <Table.Td>
                  <Text fw={600}>{token.name}</Text>
                  <Text size="sm" c="dimmed">
                    by {token.createdBy}, <TimeAgo at={token.createdAt} />
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Badge color={STATE_COLOR[token.state]} variant="light" tt="none" fw={500}>
                    {token.state}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Group gap={6}>
                    {token.roles.map((role) => (
                      <RoleBadge key={role} role={role} />
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>{token.environment ? <EnvironmentBadge environment={token.environment} /> : "any"}</Table.Td>
                <Table.Td>{token.lastUsedAt ? <TimeAgo at={token.lastUsedAt} /> : "never"}</Table.Td>
                <Table.Td>{token.expiresAt ? <TimeAgo at={token.expiresAt} /> : "never"}</Table.Td>
                <Table.Td ta="right">
                  {token.state === "active" && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => setAsking(token)}
                      aria-label={`Revoke ${token.name}`}
                    >
                      Revoke
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <FormDialog
        opened={asking !== null}
        title="Revoke this token?"
        submit="Revoke"
        color="red"
        pending={revoke.isPending}
        error={revoke.error}
        onSubmit={() => asking && revoke.mutate(asking)}
        onClose={() => setAsking(null)}
      >
        <Text size="sm">
          Requests with <strong>{asking?.name}</strong> are refused from now on. This cannot be undone.
        </Text>
      </FormDialog>
    </>
  );
}
