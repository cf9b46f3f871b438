"use client";

import { Badge, Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { FormError } from "@/components/ui/form-error";
import { issueOf } from "@/components/ui/issues";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { changePassword, endOtherSessions, endSession, peopleQueries } from "@/lib/client/people";
import { browserName } from "./browser-name";
import { PasswordField } from "./password-field";
import { ActionsHeading } from "@/components/ui/actions-heading";

/** The person's own password and the browsers in which they are signed in. */
export function AccountPanel({ email }: { email: string }) {
  return (
    <Stack gap="xl">
      <Sessions />
      <Password email={email} />
    </Stack>
  );
}

function Sessions() {
  const { data, error, refetch } = useQuery(peopleQueries.sessions());
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: peopleQueries.sessions().queryKey });
  const failed = ({ message }: Error) => notifications.show({ message, color: "red" });
  const end = useMutation({ mutationFn: endSession, onError: failed, onSettled: refresh });
  const endOthers = useMutation({ mutationFn: endOtherSessions, onError: failed, onSettled: refresh });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section aria-labelledby="sessions">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="sessions">
          Where you are signed in
        </Title>
        {data.items.length > 1 && (
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
            Sign out everywhere else
          </Button>
        )}
      </Group>
      <WideTable label="Sessions" minWidth={520}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Browser</Table.Th>
              <Table.Th>Address</Table.Th>
              <Table.Th>Signed in</Table.Th>
              <Table.Th>Last request</Table.Th>
              <ActionsHeading />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((session) => (
              <Table.Tr key={session.id}>
                <Table.Td title={session.userAgent}>
                  <Group gap={6}>
                    {browserName(session.userAgent)}
                    {session.current && (
                      <Badge size="xs" variant="light">
                        this one
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>{session.address || "unknown"}</Table.Td>
                <Table.Td>
                  <TimeAgo at={session.createdAt} />
                </Table.Td>
                <Table.Td>
                  <TimeAgo at={session.lastSeenAt} />
                </Table.Td>
                <Table.Td ta="right">
                  {!session.current && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => end.mutate(session.id)}
                      aria-label={`Sign out ${browserName(session.userAgent)} at ${session.address}`}
                    >
                      Sign out
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </section>
  );
}

function Password({ email }: { email: string }) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword({ current, password }),
    // Every session ended, this one as well: go on in a new one, or at the sign-in page when that fails.
    onSuccess: () =>
      signIn("credentials", { email, password, redirect: false }).finally(() =>
        window.location.assign("/settings?tab=account"),
      ),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate();
  }
  return (
    <section aria-labelledby="password">
      <Title order={2} size="h4" id="password" mb="xs">
        Password
      </Title>
      <form onSubmit={submit}>
        <Stack gap="sm" maw={400}>
          <Text size="sm" c="dimmed">
            Changing it signs you out everywhere else.
          </Text>
          <FormError error={change.error} fields={["current", "password"]} />
          <PasswordField
            label="Current password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={issueOf(change.error, "current")}
          />
          <PasswordField
            label="New password"
            isNew
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={issueOf(change.error, "password")}
          />
          <Group>
            <Button type="submit" loading={change.isPending || change.isSuccess}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
